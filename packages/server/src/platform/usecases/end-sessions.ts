import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { endAllSessions, endSession } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'

/** Ends one of the caller's own sessions, here or elsewhere; anyone else's is not found. */
export async function endOwnSession(
  deps: PlatformDeps,
  member: MemberPrincipal,
  sessionId: string,
): Promise<void> {
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (!(await endSession(tx, member.userId, sessionId, 'ended', now))) throw problems.NOT_FOUND()
    return { result: undefined, entry: { action: 'session.end', resourceId: sessionId, at: now } }
  })
}

export async function logOutEverywhere(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    await endAllSessions(tx, member.userId, 'everywhere', now)
    return { result: undefined, entry: { action: 'session.end_all', resourceId: member.userId, at: now } }
  })
}
