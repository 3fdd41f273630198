import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer, withoutLimits } from '../whole-server.ts'

/** The whole server with three series of minutes; its headers tell where its database is as well. */
await serveMeasured(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-exports-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  // What filling takes would hide what an export takes: a heap that has grown to a gigabyte grows no more.
  const filling = fork(fileURLToPath(new URL('fill-exports.ts', import.meta.url)), [folder])
  // Safe: what the library gives its listeners of `exit`.
  const [code] = (await once(filling, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Nothing was stored to export (exit code ${code})`)
  const server = await startWholeServer(folder, 'volatility', { wrapService: withoutLimits })
  const { key } = await server.addTenant('exporter')
  return {
    port: Number(new URL(server.origin).port),
    headers: { authorization: `Bearer ${key}`, folder },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})
