import { randomUUID } from 'node:crypto'
import { type AuditLog, type Decision, mutate } from '@gatehouse/kernel/audit'
import { type Database, decideWithin, query } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'

const entriesAtOnce = 1_000

type OrgRow = { org_id: string; name: string; slug: string; created_at: Date; updated_at: Date }

/** How much data there is: the smallest, ten and a hundred times of it. */
export const scales = [
  { suffix: '', entries: 1_000 },
  { suffix: '-10x', entries: 10_000 },
  { suffix: '-100x', entries: 100_000 },
]

/** Orgs with an empty chain each. */
export async function makeOrgs(db: Database, count: number): Promise<SystemPrincipal[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const principal: SystemPrincipal = { kind: 'system', orgId: randomUUID(), because: 'bench' }
      const now = new Date()
      await decideWithin({ db }, principal, (tx) =>
        query<{ 'gatehouse.org': OrgRow }>(tx)
          .insertInto('gatehouse.org')
          .values({ org_id: tx.orgId, name: 'Bench', slug: tx.orgId, created_at: now, updated_at: now })
          .execute(),
      )
      return principal
    }),
  )
}

/** Makes the chains longer by so many entries together. */
export async function fillChains(
  db: Database,
  audit: AuditLog,
  orgs: readonly SystemPrincipal[],
  entries: number,
): Promise<void> {
  for (const principal of orgs)
    for (let left = Math.ceil(entries / orgs.length); left > 0; left -= entriesAtOnce)
      await mutate({ db, audit }, principal, async () => ({
        result: undefined,
        entry: [
          toDecision(0),
          ...Array.from({ length: Math.min(left, entriesAtOnce) - 1 }, (_, n) => toDecision(n + 1)),
        ],
      }))
}

export function toDecision(n: number): Decision {
  return {
    action: 'monitor.pause',
    resourceId: `mon_${n}`,
    detail: { name: 'Checkout', reason: 'planned work' },
    at: Date.now(),
  }
}
