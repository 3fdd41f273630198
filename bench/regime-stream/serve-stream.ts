import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'

/** An organisation may have 500 connections, and one more is for those that do not read. */
const tenants = 11

/** The whole server with keys of as many organisations as the sockets need; its headers tell where its database is as well. */
await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-stream-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const server = await startWholeServer(folder, 'volatility', { wrapService: withoutLimits })
  const keys: string[] = []
  while (keys.length < tenants) keys.push((await server.addTenant(`org-${keys.length}`)).key)
  const markets = await openFilledMarkets(server.db, Date.now())
  await markets.stop()
  return {
    port: Number(new URL(server.origin).port),
    headers: { folder, keys: keys.join(',') },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
