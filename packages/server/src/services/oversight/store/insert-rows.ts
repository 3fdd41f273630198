import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

const types = {
  boolean: sql`boolean`,
  integer: sql`integer`,
  jsonb: sql`jsonb`,
  text: sql`text`,
  timestamptz: sql`timestamptz`,
}

/** A type of PostgreSQL for each column that rows are given in. */
export type ColumnTypes<Row> = { readonly [Column in keyof Row & string]: keyof typeof types }

/**
 * Inserts rows in one statement with two parameters, whatever their number: what all rows have in common, which is sent and
 * read once, and what each has of its own. With a parameter for each value, PostgreSQL takes longer to read the statement
 * than to write the rows. A member that is null becomes a null of SQL; times are ISO text.
 */
export async function insertRows<Row extends object>(
  tx: AuditedTx,
  table: string,
  columnTypes: ColumnTypes<Row>,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  // Safe: the types have a member for each column of a row.
  const columns = Object.keys(columnTypes) as (keyof Row & string)[]
  const shared = columns.filter((column) => rows.every((row) => isSame(row[column], first[column])))
  const own = columns.filter((column) => !shared.includes(column))
  const toRecord = (names: readonly (keyof Row & string)[]) =>
    // PostgreSQL has no record without a column.
    sql.join([sql`no_column text`, ...names.map((name) => sql`${sql.ref(name)} ${types[columnTypes[name]]}`)])
  const given = sql.join([...shared, ...own].map((name) => sql.ref(name)))
  await sql`
    INSERT INTO ${sql.table(table)} (org_id, ${given})
    SELECT ${tx.orgId}::uuid, ${given}
      FROM jsonb_to_record(${JSON.stringify(pick(first, shared))}::jsonb) AS shared (${toRecord(shared)}),
           jsonb_to_recordset(${JSON.stringify(rows.map((row) => pick(row, own)))}::jsonb) AS own (${toRecord(own)})`.execute(
    query(tx),
  )
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime())
}

function pick<Row extends object>(row: Row, columns: readonly (keyof Row)[]): object {
  return Object.fromEntries(columns.map((column) => [column, row[column]]))
}
