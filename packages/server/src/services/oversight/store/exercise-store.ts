import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EntityOf, fromRow, query, type RowOf, type TenantTx, toRow } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { exerciseColumns } from './exercise-columns.ts'

type Tables = { 'oversight.practice_item': RowOf<typeof exerciseColumns> }

/** An exercise that an organisation added. */
export type OwnExercise = EntityOf<typeof exerciseColumns>

/** In order of creation. */
export async function listOwnExercises(tx: TenantTx): Promise<readonly OwnExercise[]> {
  const rows = await query<Tables>(tx)
    .selectFrom('oversight.practice_item')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .orderBy('id')
    .execute()
  return rows.map((row) => fromRow(exerciseColumns, row))
}

/** Serializes additions of the organisation's exercises until the transaction ends. */
export async function lockExercises(tx: AuditedTx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`oversight.practice_item:${tx.orgId}`}, 0))`.execute(
    query(tx),
  )
}

export async function insertExercise(tx: AuditedTx, exercise: OwnExercise): Promise<void> {
  await query<Tables>(tx)
    .insertInto('oversight.practice_item')
    .values({ org_id: tx.orgId, ...toRow(exerciseColumns, exercise) })
    .execute()
}

/** Returns whether the exercise existed. */
export async function deleteExercise(tx: AuditedTx, id: string): Promise<boolean> {
  const { numDeletedRows } = await query<Tables>(tx)
    .deleteFrom('oversight.practice_item')
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}
