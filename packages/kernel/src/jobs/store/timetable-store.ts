import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

/** The current time of the database's clock, in milliseconds. */
export async function findNow(tx: WriterTx): Promise<number> {
  const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('The database does not say what time it is')
  return row.now.getTime()
}

/**
 * Queues those of the jobs that no node has queued for this minute. A stored time in the future was written under a
 * clock that has stepped back since, and is ignored.
 */
export async function enqueueDue(tx: WriterTx, jobs: readonly string[], minuteMs: number): Promise<void> {
  const minute = new Date(minuteMs)
  await sql`
    WITH due AS (
      INSERT INTO gatehouse.timetable AS known (job, last_at)
      SELECT job, ${minute}::timestamptz FROM unnest(${[...jobs]}::text[]) AS job ORDER BY job COLLATE "C"
      ON CONFLICT (job) DO UPDATE SET last_at = excluded.last_at
       WHERE known.last_at < excluded.last_at OR known.last_at > now() + interval '1 minute'
      RETURNING job)
    SELECT gatehouse.enqueue_job(job, '{}', NULL, NULL, NULL) FROM due`.execute(query(tx))
}

/** Makes jobs due that a clock, which has stepped back since, put off. */
export async function mendJobTimes(tx: WriterTx): Promise<void> {
  await sql`SELECT gatehouse.mend_job_times()`.execute(query(tx))
}
