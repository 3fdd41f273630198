import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { holdLock } from './hold-lock.ts'

export type DataFolder = {
  readonly path: string
  /** Holds the keys and passwords; open to the owner alone. */
  readonly secrets: string
  /** Lets the next server in. */
  readonly release: () => Promise<void>
  /** After a start that was refused: takes the folder away again when it was made for it and holds nothing. */
  readonly discard: () => Promise<void>
}

/**
 * Opens the folder that holds everything of one server, making it on the first run, and keeps other servers out of it:
 * throws a sentence that names the process and the folder when one is running there.
 */
export async function openDataFolder(given: string): Promise<DataFolder> {
  const path = resolve(given)
  const secrets = join(path, 'secrets')
  const isNew = (await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined
  // PostgreSQL of a root server runs as another account, which must pass through. What lies in here is closed itself.
  if (isNew && process.getuid?.() === 0) await chmod(path, 0o711)
  await mkdir(secrets, { recursive: true, mode: 0o700 })
  const pidFile = join(path, 'server.pid')
  const lock = holdLock(join(path, 'server.lock'))
  if (lock === undefined)
    throw new Error(`Another Gatehouse server${toHolder(pidFile)} is already running on ${path}`)
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 })
  return {
    path,
    secrets,
    release: async () => {
      rmSync(pidFile, { force: true })
      lock.release()
    },
    discard: async () => {
      if (!isNew || (await readdir(secrets)).length > 0) return
      await rmdir(secrets)
      await rm(join(path, 'server.lock'), { force: true })
      // Whatever else lies in there is somebody's.
      await rmdir(path).catch(() => undefined)
    },
  }
}

/** For people only: the lock itself decides who holds the folder. */
function toHolder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`
  } catch {
    // The holder is so new that it has not said its number yet, or it runs in another container.
    return ''
  }
}
