import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { judgeDeparture } from '../domain/judge-departure.ts'
import { problems } from '../problems.ts'
import { countOwners, findMember } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'
import { assertNotBreakGlass } from './assert-not-break-glass.ts'
import { changeMembership } from './change-membership.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

/** Removes a member: owners may remove anyone, everyone may leave; an org keeps at least one owner. */
export async function removeMember(
  deps: PlatformDeps,
  actor: MemberPrincipal,
  userId: string,
): Promise<void> {
  const leaves = actor.userId === userId
  if (!leaves && actor.role !== 'owner')
    throw problems.FORBIDDEN({ detail: 'Only owners remove other people' })
  await mutate(deps, actor, async (tx) => {
    await lockOrg(tx)
    const member = await findMember(tx, userId)
    if (member === undefined) throw problems.NOT_FOUND()
    if (!judgeDeparture(member.role, undefined, await countOwners(tx)).allowed) throw problems.LAST_OWNER()
    await assertNotBreakGlass(tx, userId)
    const now = deps.clock.now()
    const besides = await changeMembership(deps, tx, userId, undefined, actor.userId)
    await publishPlatformEvent(tx, 'member.changed', { user_id: userId, change: 'removed' }, now)
    return {
      result: undefined,
      entry: [
        {
          action: leaves ? 'member.leave' : 'member.remove',
          resourceId: userId,
          detail: { role: member.role },
          at: now,
        },
        ...besides,
      ],
    }
  })
}
