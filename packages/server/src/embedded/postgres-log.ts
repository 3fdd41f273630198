import { appendFileSync, renameSync, statSync } from 'node:fs'

export type PostgresLog = {
  readonly path: string
  readonly write: (chunk: Buffer) => void
}

const bytesMax = 10 * 1024 * 1024

/**
 * Appends to a file that only its owner can read. At `sizeMax` bytes it is renamed to `PATH.1`, which replaces an older
 * one.
 */
export function openPostgresLog(path: string, sizeMax = bytesMax): PostgresLog {
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    path,
    write: (chunk) => {
      try {
        if (size > 0 && size + chunk.length > sizeMax) {
          renameSync(path, `${path}.1`)
          size = 0
        }
        appendFileSync(path, chunk, { mode: 0o600 })
        size += chunk.length
      } catch {
        // A full disk must not end the server because of a line of this log; PostgreSQL reports it to clients that
        // write.
      }
    },
  }
}
