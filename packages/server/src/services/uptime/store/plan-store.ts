import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'

export type OrgTables = {
  'gatehouse.org': { org_id: string; name: string; plan: string; suspended_at: Date | null }
}

export async function findOrg(tx: TenantTx): Promise<{ readonly name: string; readonly plan: string }> {
  return orgs(tx).executeTakeFirstOrThrow()
}

/** Locks the organisation's plan, so that concurrent creations are counted one after the other. */
export async function lockPlan(tx: AuditedTx): Promise<string> {
  const { plan } = await orgs(tx).forNoKeyUpdate().executeTakeFirstOrThrow()
  return plan
}

export async function isOrgSuspended(tx: TenantTx): Promise<boolean> {
  return (await orgs(tx).executeTakeFirstOrThrow()).suspended_at !== null
}

function orgs(tx: TenantTx) {
  return query<OrgTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['name', 'plan', 'suspended_at'])
    .where('org_id', '=', tx.orgId)
}
