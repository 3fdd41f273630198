import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { SsoTables } from './sso-tables.ts'

/** Who alone may use a password in the org; undefined where it takes those of all. */
export async function findBreakGlass(tx: TenantTx | GateTx, orgId: string): Promise<string | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_requirement')
    .select('break_glass_user')
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return row?.break_glass_user
}

export type InstanceRequirement = { readonly orgId: string; readonly breakGlassUserId: string }

/** What is in force by the settings of the instance. */
export async function listInstanceRequirements(tx: GateTx): Promise<readonly InstanceRequirement[]> {
  const rows = await query<SsoTables>(tx)
    .selectFrom('platform.instance_requirement')
    .select(['org_id as orgId', 'break_glass_user as breakGlassUserId'])
    .execute()
  return rows
}

/** `breakGlassUserId` undefined: the org takes passwords again, as far as the instance is concerned. */
export async function setInstanceRequirement(
  tx: AuditedTx,
  breakGlassUserId: string | undefined,
): Promise<void> {
  const db = query<SsoTables>(tx)
  if (breakGlassUserId === undefined)
    await db.deleteFrom('platform.instance_requirement').where('org_id', '=', tx.orgId).execute()
  else
    await db
      .insertInto('platform.instance_requirement')
      .values({ org_id: tx.orgId, break_glass_user: breakGlassUserId })
      .onConflict((conflict) => conflict.column('org_id').doUpdateSet({ break_glass_user: breakGlassUserId }))
      .execute()
  // What a node remembers of who may act in the org holds no more.
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(db)
}
