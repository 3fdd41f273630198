import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@gatehouse/kernel/log'
import { openDataFolder } from '../packages/server/src/embedded/data-folder.ts'
import {
  bundledDatabase,
  type RunningDatabase,
  startDatabase,
} from '../packages/server/src/start-database.ts'

export type ThrowAwayDatabase = RunningDatabase & {
  /** The data folder, for programs that are to run on it. */
  readonly folder: string
}

/** The bundled PostgreSQL as the product runs it, durable writes included, in a folder that goes with it. */
export async function startThrowAwayDatabase(): Promise<ThrowAwayDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  // The bundled PostgreSQL of a root user runs as another account and must pass through.
  await chmod(folder, 0o711)
  const data = await openDataFolder(join(folder, 'data'))
  const running = await startDatabase(bundledDatabase, data, createLogger('error'), Date.now())
  return {
    ...running,
    folder,
    stop: async () => {
      await running.stop()
      await data.release()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
