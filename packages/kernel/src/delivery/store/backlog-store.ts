import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

export type Backlog = {
  /** The number of deliveries that wait to be sent; at most `rowsMax` are counted. */
  readonly waiting: number
  /** Since when the longest-waiting due delivery has been due; null when none is. */
  readonly dueSinceMs: number | null
}

/** The backlog of a queue. It reads only the queue's index, and at most `rowsMax` rows of it. */
export async function findBacklog(
  tx: WriterTx,
  queue: string,
  nowMs: number,
  rowsMax: number,
): Promise<Backlog> {
  const { rows } = await sql<{ waiting: string; due: Date | null }>`
    SELECT count(*) AS waiting, min(next_attempt_at) FILTER (WHERE next_attempt_at <= ${new Date(nowMs)}) AS due
      FROM (SELECT next_attempt_at FROM gatehouse.delivery
             WHERE queue = ${queue} AND state = 'pending' LIMIT ${rowsMax}) AS counted`.execute(query(tx))
  return { waiting: Number(rows[0]?.waiting ?? 0), dueSinceMs: rows[0]?.due?.getTime() ?? null }
}
