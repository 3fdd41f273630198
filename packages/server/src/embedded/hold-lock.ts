import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type HeldLock = { readonly release: () => void }

/** Keeps every lock reachable: a collected one would be let go. */
const held = new Set<DatabaseSync>()

/** SQLite's code for a file that another connection has locked (https://www.sqlite.org/rescode.html#busy). */
const busy = 5

/**
 * Holds a lock that belongs to this process and that the operating system drops when the process ends, however it ends;
 * undefined when another holds it. The file stays behind and means nothing by itself, so no lock is ever stale. It is
 * taken through SQLite because Node has no `flock`. Nothing else in this process may open the file: closing it would
 * drop the lock (POSIX fcntl).
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
  // Who may open the file may also keep us from locking it.
  chmodSync(path, 0o600)
  return {
    release: () => {
      if (held.delete(database)) database.close()
    },
  }
}
