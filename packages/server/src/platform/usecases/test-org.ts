import { randomBytes } from 'node:crypto'
import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { toTestOrgId, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { toSlug, toTestOrgName } from '../domain/org.ts'
import { findOrgLife } from '../store/org-life-store.ts'
import { findOrg, insertOrg } from '../store/org-store.ts'

type TestOrgDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock'>
type FoundingDeps = TestOrgDeps & Pick<PlatformDeps, 'furnishOrg'>

/**
 * The id of the test org in which the test keys of the principal's org act; it is created with the first of them. It
 * has no members: the members of the org that it belongs to manage its keys and everything else.
 */
export async function openTestOrg(deps: FoundingDeps, principal: Principal): Promise<string> {
  const inTestOrg = toTestPrincipal(principal)
  if (!(await isThere(deps, inTestOrg))) await foundTestOrg(deps, principal, inTestOrg)
  return inTestOrg.orgId
}

/** The principal in the test org of their org; undefined when there is none. */
export async function findTestPrincipal<P extends Principal>(
  deps: Pick<PlatformDeps, 'db'>,
  principal: P,
): Promise<P | undefined> {
  const inTestOrg = toTestPrincipal(principal)
  return (await isThere(deps, inTestOrg)) ? inTestOrg : undefined
}

/**
 * Repeats a decision in the org's test org, if there is one, in a transaction and with an entry of its own, because
 * row-level security confines a transaction to one org.
 */
export async function alsoInTestOrg(
  deps: TestOrgDeps,
  principal: Principal,
  decide: (tx: AuditedTx) => Promise<Decision>,
): Promise<void> {
  const inTestOrg = await findTestPrincipal(deps, principal)
  if (inTestOrg === undefined) return
  await mutate(deps, inTestOrg, async (tx) => ({ result: undefined, entry: await decide(tx) }))
}

async function foundTestOrg(deps: FoundingDeps, principal: Principal, inTestOrg: Principal): Promise<void> {
  const { org, isThrownAway } = await within(deps, principal, async (tx) => ({
    org: await findOrg(tx),
    isThrownAway: (await findOrgLife(tx)).isThrownAway,
  }))
  if (org === undefined) throw new Error('An org cannot be gone for those who act in it')
  const { id: testOf, plan, allowedOrigins } = org
  const name = toTestOrgName(org.name)
  const now = deps.clock.now()
  const slug = toSlug(name, randomBytes(4).toString('hex'))
  const { orgId: id } = inTestOrg
  try {
    await mutate(deps, inTestOrg, async (tx) => {
      await insertOrg(tx, { id, name, slug, plan, allowedOrigins, testOf, createdAtMs: now, isThrownAway })
      return {
        result: undefined,
        entry: [
          { action: 'org.create', resourceId: id, detail: { name, testOf }, at: now },
          ...(await deps.furnishOrg(tx, now)),
        ],
      }
    })
  } catch (error) {
    // Another request has just created it.
    if (!(await isThere(deps, inTestOrg))) throw error
  }
}

function toTestPrincipal<P extends Principal>(principal: P): P {
  return { ...principal, orgId: toTestOrgId(principal.orgId) }
}

async function isThere(deps: Pick<PlatformDeps, 'db'>, principal: Principal): Promise<boolean> {
  return (await within(deps, principal, findOrg)) !== undefined
}
