import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'

/** The whole server, fed by a simulator of its own: twenty symbols at three venues. */
await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-end-to-end-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const settings = {
    GATEHOUSE_FEEDS: 'simulated',
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${process.env['BENCH_RECEIVER_PORT'] ?? ''}`,
  }
  const server = await startWholeServer(folder, 'volatility', { wrapService: withoutLimits }, settings)
  const { key } = await server.addTenant('end-to-end')
  return {
    port: Number(new URL(server.origin).port),
    headers: { authorization: `Bearer ${key}` },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
