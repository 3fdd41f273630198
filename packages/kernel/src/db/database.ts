import { Client, type ClientConfig, Pool, type PoolClient } from 'pg'
import type { Secret } from '../secrets/index.ts'
import { createOrgTurns, type OrgTurns } from './org-turns.ts'
import { typeParsers } from './read-instant.ts'

/** The database roles that work runs under; the login role itself is only used for migrations and jobs. */
export type DatabaseRole =
  | 'gatehouse_app'
  | 'gatehouse_telemetry'
  | 'gatehouse_gate'
  | 'gatehouse_writer'
  | 'gatehouse_eraser'

export type Database = {
  readonly pool: Pool
  /** Bytes received over all open connections. While this number stands still, the database is silent. */
  readonly bytesRead: () => number
  /** Destroys every connection, which fails all that waits on one; new connections are opened on demand. */
  readonly cut: () => void
  /** The turns of orgs at the connections of this pool. */
  readonly turns: OrgTurns
  readonly end: () => Promise<void>
}

export type DatabaseOptions = {
  readonly url: Secret
  readonly connectionsMax?: number
  /** How long a caller waits for a connection before it is refused. */
  readonly connectMs?: number
  /** Called when an idle connection broke (the server restarted, say); the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void
}

const connectMsUsual = 5_000
/** The share of a pool's connections that one org may hold at a time. */
const orgShare = 0.75

export function openDatabase({
  url,
  connectionsMax = 20,
  connectMs = connectMsUsual,
  onConnectionLost,
}: DatabaseOptions): Database {
  const pool = new Pool({
    Client: class extends Client {
      // The URL is read for each connection, since the password can be replaced while the pool is open.
      constructor(config?: string | ClientConfig) {
        super({ ...(typeof config === 'object' ? config : {}), connectionString: url.reveal() })
      }
    },
    types: typeParsers,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'gatehouse',
  })
  let ending = false
  pool.on('error', (error) => {
    // While the pool is ending, a connection that breaks is one that it closed itself.
    if (!ending) onConnectionLost?.(error)
  })
  // A checked-out client reports a lost connection twice: to its query, and here, where nobody else listens.
  const clients = new Set<PoolClient>()
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    clients.add(client)
  })
  pool.on('remove', (client) => clients.delete(client))
  return {
    pool,
    bytesRead: () => {
      let bytes = 0
      for (const { connection } of clients) {
        const { stream } = connection
        if ('bytesRead' in stream && typeof stream.bytesRead === 'number') bytes += stream.bytesRead
      }
      return bytes
    },
    cut: () => {
      for (const client of clients) client.connection.stream.destroy()
    },
    turns: createOrgTurns({
      heldMax: Math.max(1, Math.floor(connectionsMax * orgShare)),
      waitMsMax: connectMs,
    }),
    end: () => {
      ending = true
      return pool.end()
    },
  }
}

/**
 * Runs `work` in one transaction that the statement `begin` opens; commits when it returns, rolls back when it throws.
 */
export async function runTransaction<T>(
  db: Database,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
  orgId?: string,
): Promise<T> {
  const client = await beginTransaction(db, begin, orgId)
  let result: T
  try {
    result = await work(client)
  } catch (error) {
    await endTransaction(client, 'ROLLBACK')
    throw error
  }
  await endTransaction(client, 'COMMIT')
  return result
}

const turnOf = new WeakMap<PoolClient, () => void>()

/** Opens a transaction; with an `orgId` it first waits for the org's turn at the pool. */
export async function beginTransaction(db: Database, begin: string, orgId?: string): Promise<PoolClient> {
  const client = await connect(db, orgId)
  try {
    await client.query(begin)
    return client
  } catch (error) {
    await endTransaction(client, 'ROLLBACK')
    throw error
  }
}

async function connect({ pool, turns }: Database, orgId: string | undefined): Promise<PoolClient> {
  if (orgId === undefined) return pool.connect()
  const giveBack = await turns.take(orgId)
  try {
    const client = await pool.connect()
    turnOf.set(client, giveBack)
    return client
  } catch (error) {
    giveBack()
    throw error
  }
}

/** Ends a transaction and releases its connection. Throws when the commit failed. */
export async function endTransaction(client: PoolClient, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  let broken: Error | undefined
  const rollBack = (): Promise<unknown> =>
    client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure))
    })
  try {
    if (how === 'ROLLBACK') {
      await rollBack()
      return
    }
    // After a failed statement PostgreSQL executes COMMIT as ROLLBACK, and only this command tag shows it.
    const { command } = await client.query('COMMIT')
    if (command !== 'COMMIT')
      throw new Error('A transaction in which a statement had failed was not committed')
  } catch (error) {
    await rollBack()
    throw error
  } finally {
    client.release(broken)
    turnOf.get(client)?.()
    turnOf.delete(client)
  }
}
