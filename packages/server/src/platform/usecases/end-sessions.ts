import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { endAllSessions, endSession, listSessions, type Session } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'

/**
 * The caller's own sessions; a session that an org's issuer vouched for sees only those that it vouched for as well.
 */
export async function listOwnSessions(
  deps: Pick<PlatformDeps, 'db' | 'clock'>,
  { userId, orgId, isConfined }: MemberPrincipal,
): Promise<readonly Session[]> {
  const sessions = await asGate(deps, (tx) => listSessions(tx, userId, deps.clock.now()))
  return isConfined ? sessions.filter(({ confinedTo }) => confinedTo === orgId) : sessions
}

/** Ends one of the caller's own sessions; a session of anyone else is reported as not found. */
export async function endOwnSession(
  deps: PlatformDeps,
  member: MemberPrincipal,
  sessionId: string,
): Promise<void> {
  const isOwn = (await listOwnSessions(deps, member)).some(({ id }) => id === sessionId)
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (!isOwn || !(await endSession(tx, member.userId, sessionId, 'ended', now))) throw problems.NOT_FOUND()
    return { result: undefined, entry: { action: 'session.end', resourceId: sessionId, at: now } }
  })
}

export async function logOutEverywhere(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  const sessions = member.isConfined ? await listOwnSessions(deps, member) : undefined
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (sessions === undefined) await endAllSessions(tx, member.userId, 'everywhere', now)
    for (const { id } of sessions ?? []) await endSession(tx, member.userId, id, 'everywhere', now)
    return { result: undefined, entry: { action: 'session.end_all', resourceId: member.userId, at: now } }
  })
}
