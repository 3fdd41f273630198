import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import { findMembership } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'
import {
  type InstanceRequirement,
  listInstanceRequirements,
  setInstanceRequirement,
} from '../store/sso-requirement-store.ts'
import { findAccountByEmail, hasPassword } from '../store/user-store.ts'
import { findInstanceConnection } from './find-connection.ts'

/**
 * Applies the settings of the instance: whether its issuer is the only way into its org. It is not while the excepted
 * owner does not exist or has no password, because then nobody could log in when the issuer is unreachable.
 */
export async function requireInstanceIssuer(deps: PlatformDeps): Promise<void> {
  const wanted = await findWanted(deps)
  const held = await asGate(deps, listInstanceRequirements)
  for (const { orgId } of held) if (orgId !== wanted?.orgId) await set(deps, orgId, undefined)
  if (wanted === undefined) return
  const isInForce = held.some(
    (one) => one.orgId === wanted.orgId && one.breakGlassUserId === wanted.breakGlassUserId,
  )
  if (!isInForce) await set(deps, wanted.orgId, wanted.breakGlassUserId)
}

async function findWanted(deps: PlatformDeps): Promise<InstanceRequirement | undefined> {
  const email = deps.instanceIssuer?.requiredExcept
  if (email === undefined) return undefined
  const connection = await findInstanceConnection(deps)
  const owner = await asGate(deps, async (tx) => {
    const account = await findAccountByEmail(tx, email)
    if (account === undefined || connection === undefined || !hasPassword(account)) return undefined
    return (await findMembership(tx, account.id, connection.orgId))?.role === 'owner' ? account.id : undefined
  })
  if (connection !== undefined && owner !== undefined)
    return { orgId: connection.orgId, breakGlassUserId: owner }
  deps.log.warn(
    'Single sign-on is not required yet: GATEHOUSE_OIDC_REQUIRE_EXCEPT names no owner with a password',
  )
  return undefined
}

async function set(deps: PlatformDeps, orgId: string, breakGlassUserId: string | undefined): Promise<void> {
  await mutate(deps, { kind: 'system', orgId, because: 'settings of the instance' }, async (tx) => {
    await lockOrg(tx)
    await setInstanceRequirement(tx, breakGlassUserId)
    const action = breakGlassUserId === undefined ? 'sso.lift_requirement' : 'sso.require'
    const detail = breakGlassUserId === undefined ? {} : { breakGlass: breakGlassUserId }
    return { result: undefined, entry: { action, resourceId: orgId, detail, at: deps.clock.now() } }
  })
}
