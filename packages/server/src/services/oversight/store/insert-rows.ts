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
 * Inserts rows in one statement with one parameter, whatever their number. With a parameter for each value, PostgreSQL
 * takes longer to read the statement than to write the rows. A member that is null becomes a null of SQL; times are ISO text.
 */
export async function insertRows<Row extends object>(
  tx: AuditedTx,
  table: string,
  columnTypes: ColumnTypes<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  const given = Object.entries<keyof typeof types>(columnTypes)
  const columns = sql.join(given.map(([name]) => sql.ref(name)))
  const typed = sql.join(given.map(([name, type]) => sql`${sql.ref(name)} ${types[type]}`))
  await sql`
    INSERT INTO ${sql.table(table)} (org_id, ${columns})
    SELECT ${tx.orgId}::uuid, ${columns} FROM json_to_recordset(${JSON.stringify(rows)}::json) AS given (${typed})`.execute(
    query(tx),
  )
}
