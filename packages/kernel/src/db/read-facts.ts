import type { Database } from './database.ts'

const timeoutMs = 10_000

/**
 * Runs one statement about the database itself, as the role that the server logs in with, and returns its rows.
 * PostgreSQL refuses every write in it, and ends it when it takes too long.
 */
export async function readFacts<Row extends object>(
  db: Database,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = await db.pool.connect()
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${timeoutMs}`)
    const { rows } = await client.query<Row>(statement, [...values])
    return rows
  } finally {
    await client.query('ROLLBACK').finally(() => client.release())
  }
}
