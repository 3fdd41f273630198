import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { Selectable } from 'kysely'
import { type DecisionPolicy, forgetReviewer, type VersionedPolicy } from '../domain/decision-policy.ts'
import type { DecisionTables } from './decision-tables.ts'

/** The newest policy of an organisation; undefined if it never changed the defaults, which are version 1. */
export async function findPolicy(
  tx: TenantTx,
): Promise<(VersionedPolicy & { readonly createdAtMs: number }) | undefined> {
  const row = await policies(tx).orderBy('version', 'desc').executeTakeFirst()
  return row && toPolicy(row)
}

export async function findPolicyVersion(tx: TenantTx, version: number): Promise<VersionedPolicy | undefined> {
  const row = await policies(tx).where('version', '=', version).executeTakeFirst()
  return row && toPolicy(row)
}

/** False: a concurrent change created that version first. */
export async function insertPolicy(
  tx: AuditedTx,
  { version, policy }: VersionedPolicy,
  nowMs: number,
): Promise<boolean> {
  const made = await query<DecisionTables>(tx)
    .insertInto('oversight.decision_policy')
    .values({ org_id: tx.orgId, version, body: JSON.stringify(policy), created_at: new Date(nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst()
  return made !== undefined
}

/** Removes a person from every policy version that names them, without changing anything else; false: none did. */
export async function forgetInPolicies(tx: AuditedTx, reviewerId: string): Promise<boolean> {
  let isForgotten = false
  const rows = await policies(tx).orderBy('version').forUpdate().execute()
  for (const { version, policy } of rows.map(toPolicy)) {
    const without = JSON.stringify(forgetReviewer(policy, reviewerId))
    if (without === JSON.stringify(policy)) continue
    isForgotten = true
    await query<DecisionTables>(tx)
      .updateTable('oversight.decision_policy')
      .set({ body: without })
      .where('org_id', '=', tx.orgId)
      .where('version', '=', version)
      .execute()
  }
  return isForgotten
}

function policies(tx: TenantTx) {
  return query<DecisionTables>(tx)
    .selectFrom('oversight.decision_policy')
    .selectAll()
    .where('org_id', '=', tx.orgId)
}

function toPolicy(row: Selectable<DecisionTables['oversight.decision_policy']>) {
  const policy: DecisionPolicy = row.body
  return { version: row.version, policy, createdAtMs: row.created_at.getTime() }
}
