import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'

type OrgTables = { 'gatehouse.org': { org_id: string; name: string; plan: string } }

export async function findOrg(tx: TenantTx): Promise<{ readonly name: string; readonly plan: string }> {
  return orgs(tx).executeTakeFirstOrThrow()
}

/** The org's plan, locked, so that two who create at once are counted one after the other. */
export async function lockPlan(tx: AuditedTx): Promise<string> {
  const { plan } = await orgs(tx).forNoKeyUpdate().executeTakeFirstOrThrow()
  return plan
}

function orgs(tx: TenantTx) {
  return query<OrgTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['name', 'plan'])
    .where('org_id', '=', tx.orgId)
}
