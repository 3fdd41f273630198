import { sql } from 'kysely'
import { query, type WriterTx, type WritingTx } from '../../db/index.ts'

type When = { readonly runAtMs?: number; readonly key?: string; readonly queue?: string }

export async function enqueueJob(
  tx: WritingTx,
  task: string,
  payload: unknown,
  { runAtMs, key, queue }: When,
): Promise<void> {
  const runAt = runAtMs === undefined ? null : new Date(runAtMs)
  await sql`SELECT gatehouse.enqueue_job(
    ${task}, ${JSON.stringify(payload)}::jsonb, ${runAt}, ${key ?? null}, ${queue ?? null})`.execute(
    query(tx),
  )
}

/** The number of jobs that are due; at most `rowsMax` are counted. */
export async function countWaitingJobs(tx: WriterTx, rowsMax: number): Promise<number> {
  const { rows } = await sql<{ waiting: string }>`
    SELECT gatehouse.count_waiting_jobs(${rowsMax}) AS waiting`.execute(query(tx))
  return Number(rows[0]?.waiting ?? 0)
}
