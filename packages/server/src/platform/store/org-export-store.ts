import { type OrgTable, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/**
 * Hands over what one table holds of the transaction's org, as lines of JSON, a bounded number at a time. The names come
 * from a module's own list; row security says which rows there are.
 */
export async function readOrgRows(
  tx: TenantTx,
  { table, columns }: OrgTable,
  write: (lines: string) => Promise<void>,
): Promise<void> {
  const db = query(tx)
  const names = sql.join(columns.map((column) => sql.ref(`held.${column}`)))
  // A column of JSON comes as it was written, line breaks and all; inside a string JSON has none.
  await sql`
    DECLARE org_rows NO SCROLL CURSOR FOR
     SELECT replace(row_to_json(r)::text, chr(10), ' ') AS line
       FROM (SELECT ${names} FROM ${sql.table(table)} AS held) AS r`.execute(db)
  for (;;) {
    const { rows } = await sql<{ line: string }>`FETCH 200 FROM org_rows`.execute(db)
    if (rows.length === 0) return
    await write(rows.map(({ line }) => `${line}\n`).join(''))
  }
}
