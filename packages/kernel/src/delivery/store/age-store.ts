import { type RawBuilder, sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

/** Rows of one queue, by the column that says how old each is. */
export type Aged = {
  readonly table: 'gatehouse.delivery' | 'gatehouse.delivery_attempt'
  readonly time: 'at' | 'finished_at' | 'created_at'
  readonly queue: string
  readonly state?: 'held'
}

/** Deletes the oldest rows up to `throughMs`, at most `limit`. */
export async function deleteAged(
  tx: WriterTx,
  aged: Aged,
  throughMs: number,
  limit: number,
): Promise<number> {
  const { table, time, isOf } = toSql(aged)
  const { numAffectedRows } = await sql`
    DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
      SELECT ctid FROM ${table} WHERE ${isOf} AND ${time} <= ${new Date(throughMs)} ORDER BY ${time} LIMIT ${limit}))`.execute(
    query(tx),
  )
  return Number(numAffectedRows ?? 0)
}

/** The time of the oldest row, in milliseconds; null when there is none. */
export async function findOldestAged(tx: WriterTx, aged: Aged): Promise<number | null> {
  const { table, time, isOf } = toSql(aged)
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(${time}) AS oldest FROM ${table} WHERE ${isOf}`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}

function toSql({ table, time, queue, state }: Aged): Record<'table' | 'time' | 'isOf', RawBuilder<unknown>> {
  return {
    table: sql.table(table),
    time: sql.ref(time),
    isOf: state === undefined ? sql`queue = ${queue}` : sql`queue = ${queue} AND state = ${state}`,
  }
}
