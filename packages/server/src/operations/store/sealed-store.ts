import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { SealedColumn } from '../../service/sealed-column.ts'

export type SealedValue = { readonly row: string; readonly owner: string; readonly sealed: string }

/**
 * Values that are protected by another version of the master key than this one; at most `limit`, in the order of their
 * rows.
 */
export async function listSealedByOthers(
  tx: TenantTx | GateTx,
  { table, column, row, owner }: SealedColumn,
  currentVersion: number,
  after: string,
  rowsMax: number,
): Promise<readonly SealedValue[]> {
  const [place, id, name, whose] = [sql.table(table), sql.ref(row), sql.ref(column), sql.ref(owner)]
  const { rows } = await sql<SealedValue>`
    SELECT ${id}::text AS row, ${whose}::text AS owner, ${name} AS sealed
      FROM ${place}
     WHERE ${name} IS NOT NULL AND NOT starts_with(${name}, ${`s1.${currentVersion}.`}) AND ${id}::text > ${after}
     ORDER BY ${id}::text
     LIMIT ${rowsMax}`.execute(query(tx))
  return rows
}

/** Stores a resealed value; changes nothing when the value was written again meanwhile. */
export async function setSealed(
  tx: AuditedTx | GateTx,
  { table, column, row }: SealedColumn,
  { row: id, sealed }: SealedValue,
  next: string,
): Promise<void> {
  await sql`
    UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${next}
     WHERE ${sql.ref(row)}::text = ${id} AND ${sql.ref(column)} = ${sealed}`.execute(query(tx))
}

export async function listOrgIds(tx: GateTx): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`SELECT org_id AS id FROM gatehouse.org ORDER BY org_id`.execute(
    query(tx),
  )
  return rows.map(({ id }) => id)
}
