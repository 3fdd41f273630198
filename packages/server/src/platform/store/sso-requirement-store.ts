import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { SsoTables } from './sso-tables.ts'

/** The only person who may use a password in the org; undefined when the org accepts all passwords. */
export async function findBreakGlass(tx: TenantTx | GateTx, orgId: string): Promise<string | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_requirement')
    .select('break_glass_user')
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  return row?.break_glass_user
}

export type InstanceRequirement = { readonly orgId: string; readonly breakGlassUserId: string }

/** The requirements that result from the settings of the instance. */
export async function listInstanceRequirements(tx: GateTx): Promise<readonly InstanceRequirement[]> {
  const rows = await query<SsoTables>(tx)
    .selectFrom('platform.instance_requirement')
    .select(['org_id as orgId', 'break_glass_user as breakGlassUserId'])
    .execute()
  return rows
}

/** With `breakGlassUserId` undefined, the settings of the instance do not forbid passwords in the org any more. */
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
  // Nodes must forget what they have cached about who may act in the org.
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(db)
}
