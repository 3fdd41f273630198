import { Pool, type PoolClient } from 'pg'
import type { Secret } from '../secrets/index.ts'

/** The database roles that work runs under; the login role itself is only used for migrations and jobs. */
export type DatabaseRole = 'gatehouse_app' | 'gatehouse_gate' | 'gatehouse_writer' | 'gatehouse_eraser'

export type Database = {
  readonly pool: Pool
  readonly end: () => Promise<void>
}

export type DatabaseOptions = {
  readonly url: Secret
  readonly connectionsMax?: number
  /** An idle connection broke (the server restarted, say); the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void
}

export function openDatabase({ url, connectionsMax = 20, onConnectionLost }: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'gatehouse',
  })
  let ending = false
  pool.on('error', (error) => {
    // Once we are leaving, a connection that breaks is one that we let go of.
    if (!ending) onConnectionLost?.(error)
  })
  // A checked-out client reports a lost connection twice: to its query, and here, where nobody else listens.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    pool,
    end: () => {
      ending = true
      return pool.end()
    },
  }
}

/** Runs `work` in one transaction opened by `begin`; commits what it returns, rolls back what it throws. */
export async function runTransaction<T>(
  db: Database,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure))
    })
    throw error
  } finally {
    client.release(broken)
  }
}
