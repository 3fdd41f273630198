import { randomBytes } from 'node:crypto'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { listKeys, revokeKey } from '@gatehouse/kernel/keys'
import { instanceOrgId, type MasterPrincipal } from '@gatehouse/kernel/principal'
import type { DeskAct, DeskOrg, NewDeskKey, OrgDesk, OrgWish } from '../../service/org-desk.ts'
import { toSlug } from '../domain/org.ts'
import { findDeskOrg, insertOrg, isExternalIdTaken } from '../store/org-store.ts'
import { restoreOrg, suspendOrg } from './administer-org.ts'
import { createKey } from './create-key.ts'
import { newOrgId } from './found-org.ts'
import { type KeyUseDeps, toKeyDeps } from './key-deps.ts'

const firstKeyName = 'Provisioned'

/** The operations that services offer to the operator's automation, with a master key. */
export function createOrgDesk(deps: KeyUseDeps): OrgDesk {
  const find = (externalId: string): Promise<DeskOrg | undefined> =>
    asGate(deps, (tx) => findDeskOrg(tx, externalId))
  const findAgain = async ({ externalId }: DeskOrg): Promise<DeskOrg> => {
    const org = await find(externalId)
    if (org === undefined) throw new Error('An org cannot be gone for those who administer it')
    return org
  }
  return {
    find,
    create: async (by, wish) => {
      const known = await find(wish.externalId)
      if (known !== undefined)
        return { org: known, key: null, prefix: await findPrefix(deps, by, known, wish) }
      const id = newOrgId()
      if (!(await found(deps, by, id, wish))) {
        // Another request with the same id was faster.
        const other = await find(wish.externalId)
        if (other === undefined) throw new Error('An external id cannot be taken by an org that is not there')
        return { org: other, key: null, prefix: await findPrefix(deps, by, other, wish) }
      }
      const org = { id, externalId: wish.externalId, name: wish.name, plan: wish.plan, suspendedAtMs: null }
      const key = await makeKey(deps, by, org, wish.service)
      await tell(deps, by, org, { action: 'ADMIN_ORG_CREATE', reason: '' })
      return { org, key, prefix: key.prefix }
    },
    suspend: async (by, org, act) => {
      await suspendOrg(deps, by, org.id, act.reason)
      await tell(deps, by, org, act)
      return findAgain(org)
    },
    restore: async (by, org, act) => {
      await restoreOrg(deps, by, org.id)
      await tell(deps, by, org, act)
      return findAgain(org)
    },
    replaceKeys: async (by, org, service, act) => {
      const key = await makeKey(deps, by, org, service)
      const revoked = await revokeAll(deps, by, org, service, key.prefix)
      await tell(deps, by, org, act)
      return { key, revoked }
    },
    revokeKeys: async (by, org, service, act) => {
      const revoked = await revokeAll(deps, by, org, service)
      await tell(deps, by, org, act)
      return { revoked }
    },
  }
}

function actingIn(by: MasterPrincipal, { id }: Pick<DeskOrg, 'id'>): MasterPrincipal {
  return { ...by, orgId: id }
}

/** Creates the org; false when the external id is taken. */
async function found(deps: KeyUseDeps, by: MasterPrincipal, id: string, wish: OrgWish): Promise<boolean> {
  const { name, plan, externalId, allowedOrigins, detail } = wish
  const now = deps.clock.now()
  const slug = toSlug(name, randomBytes(4).toString('hex'))
  try {
    await mutate(deps, { ...by, orgId: id }, async (tx) => {
      await insertOrg(tx, { id, name, slug, plan, externalId, allowedOrigins, createdAtMs: now })
      return {
        result: undefined,
        entry: [
          { action: 'org.create', resourceId: id, detail: { name, externalId, plan, ...detail }, at: now },
          ...(await deps.furnishOrg(tx, now)),
        ],
      }
    })
    return true
  } catch (error) {
    if (isExternalIdTaken(error)) return false
    throw error
  }
}

async function makeKey(
  deps: KeyUseDeps,
  by: MasterPrincipal,
  org: DeskOrg,
  service: string,
): Promise<NewDeskKey> {
  const { secret, record } = await createKey(deps, actingIn(by, org), { service, name: firstKeyName })
  return { secret, prefix: record.prefix }
}

async function findPrefix(
  deps: KeyUseDeps,
  by: MasterPrincipal,
  org: DeskOrg,
  { service }: OrgWish,
): Promise<string | null> {
  const keys = await listKeys(deps, actingIn(by, org))
  return keys.find((key) => key.service === service)?.prefix ?? null
}

/** Revokes live and test keys alike: both belong to the org. */
async function revokeAll(
  deps: KeyUseDeps,
  by: MasterPrincipal,
  org: DeskOrg,
  service: string,
  exceptPrefix?: string,
): Promise<number> {
  const principal = actingIn(by, org)
  const keys = await listKeys(deps, principal)
  const doomed = keys.filter((key) => key.service === service && key.prefix !== exceptPrefix)
  for (const { id } of doomed) await revokeKey(toKeyDeps(deps), principal, id)
  return doomed.length
}

/** Records the action in the instance's own chain as well, because the org's chain may be erased with the org. */
async function tell(
  deps: KeyUseDeps,
  by: MasterPrincipal,
  org: DeskOrg,
  { action, reason }: DeskAct,
): Promise<void> {
  await mutate(deps, { ...by, orgId: instanceOrgId }, async () => ({
    result: undefined,
    entry: {
      action,
      resourceType: 'org',
      resourceId: org.id,
      detail: { externalId: org.externalId, ...(reason === '' ? {} : { reason }) },
      at: deps.clock.now(),
    },
  }))
}
