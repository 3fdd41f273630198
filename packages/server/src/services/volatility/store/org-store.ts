import { query, type TenantTx } from '@gatehouse/kernel/db'

type OrgTables = { 'gatehouse.org': { org_id: string; name: string; plan: string } }

export async function findOrg(tx: TenantTx): Promise<{ readonly name: string; readonly plan: string }> {
  return query<OrgTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['name', 'plan'])
    .where('org_id', '=', tx.orgId)
    .executeTakeFirstOrThrow()
}
