import { DatabaseError } from 'pg'
import type { Database } from './database.ts'

const timeoutMs = 10_000
/** A statement that is permitted may need a lock on a table that others are using. */
const lockTimeoutMs = 500

/**
 * Lets a role try a statement, and rolls it back. Returns the SQLSTATE of the refusal, or undefined when PostgreSQL
 * carried the statement out.
 */
export async function tryStatement(
  db: Database,
  role: string,
  statement: string,
): Promise<string | undefined> {
  const client = await db.pool.connect()
  try {
    await client.query(
      `BEGIN; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL lock_timeout = ${lockTimeoutMs}`,
    )
    await client.query(`SELECT set_config('role', $1, true)`, [role])
    return await client.query(statement).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof DatabaseError && error.code !== undefined) return error.code
        throw error
      },
    )
  } finally {
    await client.query('ROLLBACK').finally(() => client.release())
  }
}
