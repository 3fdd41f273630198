import type { Database } from './database.ts'
import { takeTurns } from './take-turns.ts'

/** A dedicated connection, whose advisory locks end with it. */
export type LockSession = {
  /**
   * Identifies the session on the server. Process ids are reused, so the start of the session is part of its identity.
   */
  readonly pid: number
  readonly startedAt: string
  /** Takes a lock unless another session has it. */
  readonly tryLock: (group: number, key: number) => Promise<boolean>
  readonly unlock: (group: number, key: number) => Promise<void>
  /** Whether the server answers on this connection within `withinMs`. */
  readonly isAlive: (withinMs: number) => Promise<boolean>
  /** Closes the connection, which releases every lock. */
  readonly end: () => void
}

/**
 * Opens a session for locks. The server ends it after about five seconds without a sign of life from this machine, so
 * that the locks of a node that is cut off do not outlive it for long.
 */
export async function openLockSession(db: Database): Promise<LockSession> {
  const client = await db.pool.connect()
  let isEnded = false
  const end = (): void => {
    if (isEnded) return
    isEnded = true
    // Destroyed, and not given back: the pool must not lend a connection that holds locks.
    client.release(true)
  }
  const inTurn = takeTurns()
  try {
    await client.query(
      `SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET statement_timeout = '4s'`,
    )
    const { rows } = await client.query<{ pid: number; started_at: string }>(
      `SELECT pid, backend_start::text AS started_at FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    )
    const [row] = rows
    if (row === undefined) throw new Error('A session of the database does not know itself')
    return {
      pid: row.pid,
      startedAt: row.started_at,
      tryLock: async (group, key) => {
        const answer = await inTurn(() =>
          client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1::int, $2::int) AS held', [
            group,
            key,
          ]),
        )
        return answer.rows[0]?.held === true
      },
      unlock: async (group, key) =>
        void (await inTurn(() => client.query('SELECT pg_advisory_unlock($1::int, $2::int)', [group, key]))),
      isAlive: (withinMs) => {
        const silence = Promise.withResolvers<boolean>()
        const timer = setTimeout(() => silence.resolve(false), withinMs)
        const asked = inTurn(() => client.query('SELECT')).then(
          () => true,
          () => false,
        )
        return Promise.race([asked, silence.promise]).finally(() => clearTimeout(timer))
      },
      end,
    }
  } catch (error) {
    end()
    throw error
  }
}

/** Ends the session of another node that no longer responds, which releases its locks. */
export async function endLockSession(
  db: Database,
  { pid, startedAt }: Pick<LockSession, 'pid' | 'startedAt'>,
): Promise<void> {
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2`,
    [pid, startedAt],
  )
}
