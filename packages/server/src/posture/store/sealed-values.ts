import { type AnyTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type SealedCounts = { readonly values: number; readonly otherForms: number }

/**
 * The number of values in a column that must be sealed, and of those that are not sealed; in the org of the transaction
 * only.
 */
export async function countSealed(tx: AnyTx, table: string, column: string): Promise<SealedCounts> {
  const { rows } = await sql<SealedCounts>`
    SELECT count(*)::int AS values,
           (count(*) FILTER (WHERE ${sql.ref(column)} !~ '^s1[.][0-9]+[.][A-Za-z0-9_-]{80,}[.][A-Za-z0-9_-]{38,}$'))::int
             AS "otherForms"
      FROM ${sql.table(table)} WHERE ${sql.ref(column)} IS NOT NULL`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('A count gives one row')
  return row
}
