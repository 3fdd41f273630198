import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type HeldLock = { readonly release: () => void }

/** Keeps every lock reachable: garbage collection of one would release it. */
const held = new Set<DatabaseSync>()

/** SQLite's code for a file that another connection has locked (https://www.sqlite.org/rescode.html#busy). */
const busy = 5

/**
 * Takes a lock that belongs to this process and that the operating system releases when the process ends, however it
 * ends; undefined when another process holds it. The file stays behind and means nothing by itself, so no lock is ever
 * stale. SQLite takes it because Node has no `flock`. Nothing else in this process may open the file: closing it would
 * release the lock (POSIX fcntl).
 */
export function holdLock(path: string): HeldLock | undefined {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined
    throw new Error(`${path} cannot be locked`, { cause: error })
  }
  held.add(database)
  // An account that can open the file could also lock it, and keep this server from starting.
  chmodSync(path, 0o600)
  return {
    release: () => {
      if (held.delete(database)) database.close()
    },
  }
}
