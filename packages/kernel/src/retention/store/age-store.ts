import { type RawBuilder, sql } from 'kysely'
import { type GateTx, query, type WriterTx } from '../../db/index.ts'
import type { Sparing } from '../retention-row.ts'

/** Rows of a table, and the column that holds their age. */
export type Aged = {
  readonly table: string
  readonly time: string
  readonly sparedBy: Sparing | undefined
}

type Tx = GateTx | WriterTx

/** Deletes the oldest rows up to `throughMs`, about `limit` of them: rows with the same time are deleted together. */
export async function deleteOldest(tx: Tx, aged: Aged, throughMs: number, limit: number): Promise<number> {
  const { table, time, isCut } = toSql(aged)
  const { rows } = await sql<{ at: Date | null }>`
    SELECT max(at) AS at FROM (
      SELECT ${time} AS at FROM ${table} AS old
       WHERE ${time} <= ${new Date(throughMs)} AND ${isCut} ORDER BY ${time} LIMIT ${limit}) AS batch`.execute(
    query(tx),
  )
  const batchEnd = rows[0]?.at ?? null
  if (batchEnd === null) return 0
  // A separate statement: with the end as a value PostgreSQL sees that it concerns few rows, and uses the index.
  const { numAffectedRows } = await sql`
    DELETE FROM ${table} AS old WHERE ${time} <= ${batchEnd} AND ${isCut}`.execute(query(tx))
  return Number(numAffectedRows ?? 0)
}

export async function findOldest(tx: Tx, aged: Aged): Promise<number | null> {
  const { table, time, isCut } = toSql(aged)
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(${time}) AS oldest FROM ${table} AS old WHERE ${isCut}`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}

/** The number of rows from `fromMs` (inclusive) to `toMs` (exclusive). */
export async function countBetween(tx: Tx, aged: Aged, fromMs: number, toMs: number): Promise<number> {
  const { table, time } = toSql(aged)
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count FROM ${table} AS old
     WHERE ${time} >= ${new Date(fromMs)} AND ${time} < ${new Date(toMs)}`.execute(query(tx))
  return Number(rows[0]?.count)
}

function toSql({ table, time, sparedBy }: Aged): Record<'table' | 'time' | 'isCut', RawBuilder<unknown>> {
  return {
    table: sql.table(table),
    time: sql.ref(`old.${time}`),
    isCut: sparedBy === undefined ? sql`true` : toUnspared(sparedBy),
  }
}

function toUnspared({ table, columns }: Sparing): RawBuilder<unknown> {
  const joined = Object.entries(columns).map(
    ([own, theirs]) => sql`${sql.ref(`old.${own}`)} = ${sql.ref(`sparing.${theirs}`)}`,
  )
  return sql`NOT EXISTS (SELECT FROM ${sql.table(table)} AS sparing WHERE ${sql.join(joined, sql` AND `)})`
}
