import { type OrgTable, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/**
 * Passes on the rows of one table that belong to the transaction's org, as lines of JSON, in bounded batches. The
 * table's name comes from a module's own list; row-level security selects the rows.
 */
export async function readOrgRows(
  tx: TenantTx,
  { table, columns }: OrgTable,
  write: (lines: string) => Promise<void>,
): Promise<void> {
  const db = query(tx)
  const names = sql.join(columns.map((column) => sql.ref(`held.${column}`)))
  // A JSON column comes as it was written, including line breaks; inside a string JSON has none.
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
