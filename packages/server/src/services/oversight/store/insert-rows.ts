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

/** The PostgreSQL type of each inserted column. */
export type ColumnTypes<Row> = { readonly [Column in keyof Row & string]: keyof typeof types }

/**
 * Inserts any number of rows in one statement with two parameters: one JSON object with the members common to all
 * rows, and one array with each row's own members. With one parameter per value, PostgreSQL spends more time parsing
 * the statement than writing the rows. A null member becomes an SQL null; times are ISO 8601 text.
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
