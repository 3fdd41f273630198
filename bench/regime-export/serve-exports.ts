import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'
import { sizes } from './sizes.ts'

const seed = 11

/** The whole server with three series of minutes; its headers tell where its database is as well. */
await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-exports-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startWholeServer(folder, 'volatility', { wrapService: withoutLimits })
  const { key } = await server.addTenant('exporter')
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const { symbol, bars } of sizes)
    await markets.fill('binance', symbol, '1m', barsUpTo(drawBars('1m', bars, seed), '1m', nowMs))
  await markets.stop()
  return {
    port: Number(new URL(server.origin).port),
    headers: { authorization: `Bearer ${key}`, folder },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
