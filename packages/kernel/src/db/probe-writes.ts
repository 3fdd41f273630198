import type { Database } from './database.ts'

/** Fills a page of its own, since a smaller row would find room in a page that a full disk has. */
const fillerCharacters = 7_000

/** Writes for real, and throws what a request that writes would meet: a full disk, a server that only reads (H12). */
export async function probeWrites({ pool }: Database): Promise<void> {
  await pool.query(
    'WITH last AS (DELETE FROM gatehouse.readiness) INSERT INTO gatehouse.readiness (filler) VALUES (repeat($1, $2))',
    ['.', fillerCharacters],
  )
}
