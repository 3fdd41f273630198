import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

export type Backlog = {
  /** What waits to be sent; at most `rowsMax` are counted. */
  readonly waiting: number
  /** Since when the one among them that has waited longest could have been sent; null when none is due. */
  readonly dueSinceMs: number | null
}

/** What a queue has still to send. Reads its index alone, and no more of it than `rowsMax`. */
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
