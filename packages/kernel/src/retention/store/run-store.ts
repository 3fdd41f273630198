import { sql } from 'kysely'
import { advisoryLocks, type Database, query, type WriterTx } from '../../db/index.ts'

/** The result of one run for one kind of data. */
export type RetentionRun = {
  readonly what: string
  /** Everything up to this time was due. */
  readonly throughMs: number
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly cutRows: number
  /** The time of the oldest remaining row; null when nothing is left, and when the run failed before it could look. */
  readonly oldestRemainingMs: number | null
  readonly error: string | null
}

type RunRow = {
  readonly what: string
  readonly through: Date
  readonly started_at: Date
  readonly ended_at: Date
  readonly cut_rows: string
  readonly oldest_remaining: Date | null
  readonly error: string | null
}

/**
 * Runs `work` under a lock, so that only one node does it at a time. Returns false when another node holds the lock.
 */
export async function withRunLock(db: Database, work: () => Promise<void>): Promise<boolean> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [
      advisoryLocks.retention,
    ])
    if (rows[0]?.got !== true) return false
    try {
      await work()
    } finally {
      // A connection that cannot release the lock must not return to the pool with it.
      await client
        .query('SELECT pg_advisory_unlock($1)', [advisoryLocks.retention])
        .catch((failure: Error) => (broken = failure))
    }
    return true
  } finally {
    client.release(broken)
  }
}

export async function insertRun(tx: WriterTx, run: RetentionRun): Promise<void> {
  const oldest = run.oldestRemainingMs === null ? null : new Date(run.oldestRemainingMs)
  await sql`
    INSERT INTO gatehouse.retention_run (what, through, started_at, ended_at, cut_rows, oldest_remaining, error)
    VALUES (${run.what}, ${new Date(run.throughMs)}, ${new Date(run.startedAtMs)}, ${new Date(run.endedAtMs)},
            ${run.cutRows}, ${oldest}, ${run.error})`.execute(query(tx))
}

/** The last run of each of these kinds of data; kinds without a run are left out. */
export async function listLastRuns(tx: WriterTx, kinds: readonly string[]): Promise<RetentionRun[]> {
  const { rows } = await sql<RunRow>`
    SELECT run.* FROM unnest(${[...kinds]}::text[]) WITH ORDINALITY AS kind (what, place)
     CROSS JOIN LATERAL (
       SELECT what, through, started_at, ended_at, cut_rows, oldest_remaining, error FROM gatehouse.retention_run
        WHERE what = kind.what ORDER BY id DESC LIMIT 1) AS run
     ORDER BY kind.place`.execute(query(tx))
  return rows.map((row) => ({
    what: row.what,
    throughMs: row.through.getTime(),
    startedAtMs: row.started_at.getTime(),
    endedAtMs: row.ended_at.getTime(),
    cutRows: Number(row.cut_rows),
    oldestRemainingMs: row.oldest_remaining?.getTime() ?? null,
    error: row.error,
  }))
}
