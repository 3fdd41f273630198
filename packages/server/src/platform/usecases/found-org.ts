import { randomBytes, randomUUID } from 'node:crypto'
import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { PlatformDeps } from '../deps.ts'
import { type Org, planDefault, toSlug } from '../domain/org.ts'
import { insertMembership } from '../store/membership-store.ts'
import { insertOrg } from '../store/org-store.ts'

export function newOrgId(): string {
  return randomUUID()
}

/** Creates the transaction's own org, with what every org has, and its first owner. */
export async function foundOrg(
  deps: Pick<PlatformDeps, 'furnishOrg'>,
  tx: AuditedTx,
  name: string,
  ownerId: string,
  nowMs: number,
): Promise<{
  readonly org: Pick<Org, 'id' | 'name' | 'plan'>
  readonly entries: readonly [Decision, ...Decision[]]
}> {
  const org = {
    id: tx.orgId,
    name,
    slug: toSlug(name, randomBytes(4).toString('hex')),
    plan: planDefault,
    createdAtMs: nowMs,
  }
  await insertOrg(tx, org)
  await insertMembership(tx, ownerId, 'owner', nowMs)
  const entry = { action: 'org.create', resourceId: org.id, detail: { name, owner: ownerId }, at: nowMs }
  return { org, entries: [entry, ...(await deps.furnishOrg(tx, nowMs))] }
}
