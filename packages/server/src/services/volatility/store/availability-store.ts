import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

const minuteMs = 60_000

/** The first call since a moment, by anybody. */
export async function findFirstCall(tx: WriterTx, fromMs: number): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date }>`
    SELECT at FROM gatehouse.api_call WHERE at >= ${new Date(fromMs)} ORDER BY at LIMIT 1`.execute(query(tx))
  return rows[0]?.at.getTime()
}

/**
 * Whether there was a call in each whole minute of a range. One index lookup per minute, independent of the number of
 * calls, which are millions a month.
 */
export async function listSeenMinutes(
  tx: WriterTx,
  fromMs: number,
  toMs: number,
): Promise<readonly boolean[]> {
  const last = new Date(toMs - minuteMs)
  const { rows } = await sql<{ seen: boolean }>`
    SELECT EXISTS (
             SELECT FROM gatehouse.api_call AS call
              WHERE call.at >= minute AND call.at < minute + interval '1 minute') AS seen
      FROM generate_series(${new Date(fromMs)}::timestamptz, ${last}::timestamptz, interval '1 minute') AS minute
     ORDER BY minute`.execute(query(tx))
  return rows.map(({ seen }) => seen)
}

/** Number of calls, except those by this instance itself. */
export async function countAllCalls(tx: WriterTx, fromMs: number, toMs: number): Promise<number> {
  const { rows } = await sql<{ calls: string }>`
    SELECT count(*) AS calls FROM gatehouse.api_call
     WHERE at >= ${new Date(fromMs)} AND at < ${new Date(toMs)} AND route <> 'self'`.execute(query(tx))
  return Number(rows[0]?.calls ?? 0)
}

/** The total number of regime changes by built-in presets. */
export async function countTransitions(tx: WriterTx): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count FROM volatility.transition`.execute(query(tx))
  return Number(rows[0]?.count ?? 0)
}
