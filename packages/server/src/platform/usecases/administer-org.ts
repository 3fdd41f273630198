import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { uuidPattern } from '@gatehouse/kernel/ids'
import { type KeyRecord, listKeys, revokeKey } from '@gatehouse/kernel/keys'
import type { MasterPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { AdministeredOrg } from '../domain/administered-org.ts'
import { problems } from '../problems.ts'
import { clearSuspended, findAdministeredOrg, setSuspended } from '../store/admin-store.ts'
import { listOwnerAddresses } from '../store/membership-store.ts'
import { toKeyDeps } from './key-deps.ts'
import { alsoInTestOrg } from './test-org.ts'

/** Those who may administer whole orgs: people whom the operator named, and the operator's automation. */
type Administrator = MasterPrincipal | MemberPrincipal

type AdministerDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock'>

export async function inspectOrg(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  orgId: string,
): Promise<AdministeredOrg & { readonly owners: readonly string[] }> {
  return administer(deps, admin, orgId, { action: 'org.inspect' }, async (tx, org) => {
    const owners = await listOwnerAddresses(tx)
    return { ...org, owners: owners.map(({ email }) => email) }
  })
}

/** Suspends an org: its keys and sessions get the uniform 401 from now on. */
export async function suspendOrg(
  deps: AdministerDeps,
  admin: Administrator,
  orgId: string,
  reason: string,
): Promise<AdministeredOrg> {
  if (orgId === admin.orgId) throw problems.OWN_ORG()
  const decision = { action: 'org.suspend', detail: { reason } }
  const suspended = await administer(deps, admin, orgId, decision, async (tx) => {
    await setSuspended(tx, reason, deps.clock.now())
    return readBack(tx, deps)
  })
  await alsoInTestOrg(deps, actingIn(admin, orgId), async (tx) => {
    const at = deps.clock.now()
    await setSuspended(tx, reason, at)
    return { ...decision, resourceId: tx.orgId, at }
  })
  return suspended
}

export async function restoreOrg(
  deps: AdministerDeps,
  admin: Administrator,
  orgId: string,
): Promise<AdministeredOrg> {
  const decision = { action: 'org.restore' }
  const restored = await administer(deps, admin, orgId, decision, async (tx) => {
    await clearSuspended(tx, deps.clock.now())
    return readBack(tx, deps)
  })
  await alsoInTestOrg(deps, actingIn(admin, orgId), async (tx) => {
    const at = deps.clock.now()
    await clearSuspended(tx, at)
    return { ...decision, resourceId: tx.orgId, at }
  })
  return restored
}

export async function listOrgKeys(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  orgId: string,
): Promise<readonly KeyRecord[]> {
  await administer(
    deps,
    admin,
    orgId,
    { action: 'org.inspect', detail: { read: 'api-keys' } },
    async () => undefined,
  )
  return listKeys(deps, actingIn(admin, orgId))
}

export async function revokeOrgKey(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  orgId: string,
  keyId: string,
): Promise<void> {
  await revokeKey(toKeyDeps(deps), actingIn(admin, orgId), keyId)
}

/**
 * Carries out an administrator's action in an org. Each one, including reading, is an entry under their name in that
 * org's own chain.
 */
async function administer<T>(
  deps: AdministerDeps,
  admin: Administrator,
  orgId: string,
  decision: Pick<Decision, 'action' | 'detail'>,
  work: (tx: AuditedTx, org: AdministeredOrg) => Promise<T>,
): Promise<T> {
  return mutate(deps, actingIn(admin, orgId), async (tx) => {
    const at = deps.clock.now()
    const org = await findAdministeredOrg(tx, at)
    if (org === undefined) throw problems.NOT_FOUND()
    return { result: await work(tx, org), entry: { ...decision, resourceId: orgId, at } }
  })
}

/** The administrator's principal in another org, to which row-level security then confines it, as it does everyone. */
function actingIn<A extends Administrator>(admin: A, orgId: string): A {
  if (!uuidPattern.test(orgId)) throw problems.NOT_FOUND()
  return admin.kind === 'member' ? { ...admin, orgId, role: 'owner' } : { ...admin, orgId }
}

async function readBack(tx: AuditedTx, { clock }: AdministerDeps): Promise<AdministeredOrg> {
  const org = await findAdministeredOrg(tx, clock.now())
  if (org === undefined) throw new Error('An org cannot be gone from its own transaction')
  return org
}
