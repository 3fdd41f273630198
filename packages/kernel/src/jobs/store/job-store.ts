import { sql } from 'kysely'
import { query, type WritingTx } from '../../db/index.ts'

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
