import type { Database } from './database.ts'

/** Enough to fill a page: a smaller row might still find room in an existing page when the disk is full. */
const fillerCharacters = 7_000

/** Writes a row, and throws the error that any request that writes would get: a full disk, a read-only server (H12). */
export async function probeWrites({ pool }: Database): Promise<void> {
  await pool.query(
    'WITH last AS (DELETE FROM gatehouse.readiness) INSERT INTO gatehouse.readiness (filler) VALUES (repeat($1, $2))',
    ['.', fillerCharacters],
  )
}
