import { type GateTx, type PersonalTable, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type PersonalRow = { readonly [column: string]: unknown }

/** The rows of one table about a person, as JSON. The names come from a module's own list, never from a request. */
export async function listPersonalRows(
  tx: GateTx | TenantTx,
  { table, person, columns }: PersonalTable,
  value: string,
): Promise<PersonalRow[]> {
  const names = sql.join(columns.map((column) => sql.ref(`held.${column}`)))
  const { rows } = await sql<{ row: PersonalRow }>`
    SELECT to_jsonb(r) AS row
      FROM (SELECT ${names} FROM ${sql.table(table)} AS held
             WHERE ${sql.ref(`held.${person}`)} = ${value}) r`.execute(query(tx))
  return rows.map(({ row }) => row)
}
