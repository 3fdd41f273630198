import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { setActiveOrg } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import type { Belonging } from '../domain/member.ts'
import { problems } from '../problems.ts'
import { listBelongings } from '../store/membership-store.ts'
import { signAccessToken } from './open-member-session.ts'

export type Switched = { readonly belonging: Belonging; readonly accessToken: string }

/**
 * Switches the active org; an org to which the person does not belong is reported as not found, like one that does not
 * exist.
 */
export async function switchTeam(
  deps: PlatformDeps,
  member: MemberPrincipal,
  orgId: string,
): Promise<Switched> {
  const { userId, sessionId } = member
  const belongings = await asGate(deps, (tx) => listBelongings(tx, userId))
  const belonging = belongings.find((one) => one.orgId === orgId)
  if (belonging === undefined || (member.isConfined && orgId !== member.orgId)) throw problems.NOT_FOUND()
  if (belonging.needsIssuer && !member.isConfined)
    throw problems.SINGLE_SIGN_ON_REQUIRED({ detail: 'Sign in through this organisation to act in it' })
  await mutate(deps, { ...member, orgId, role: belonging.role }, async () => ({
    result: undefined,
    entry: { action: 'session.switch', resourceId: sessionId, at: deps.clock.now() },
  }))
  await asGate(deps, (tx) => setActiveOrg(tx, sessionId, orgId))
  return { belonging, accessToken: await signAccessToken(deps, { id: sessionId, userId }, orgId) }
}
