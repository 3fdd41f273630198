import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'
import { sizes } from './sizes.ts'

const minuteMs = 60_000
const seed = 7

/** The whole server, with two series that ended a while ago: what is stale stays as it is. */
await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-regimes-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startWholeServer(folder, 'volatility', { wrapService: withoutLimits })
  const { key } = await server.addTenant('reader')
  const headers = { authorization: `Bearer ${key}` }
  const endMs = Date.now() - 10 * minuteMs
  const markets = await openFilledMarkets(server.db, endMs)
  for (const { symbol, bars } of sizes)
    await markets.fill('binance', symbol, '1m', barsUpTo(drawBars('1m', bars, seed), '1m', endMs))
  await markets.stop()
  for (const { path } of sizes) {
    const isWarm = async (): Promise<boolean> =>
      (await (await fetch(`${server.origin}${path}`, { headers })).text()).includes('"warmup":false')
    while (!(await isWarm())) await wait(100)
  }
  return {
    port: Number(new URL(server.origin).port),
    headers,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
