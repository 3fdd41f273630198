import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { judgeDeparture } from '../domain/judge-departure.ts'
import type { Member } from '../domain/member.ts'
import { problems } from '../problems.ts'
import { countOwners, findMember } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'
import { assertNotBreakGlass } from './assert-not-break-glass.ts'
import { changeMembership } from './change-membership.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

export async function changeRole(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  userId: string,
  role: Role,
): Promise<Member> {
  return mutate(deps, owner, async (tx) => {
    await lockOrg(tx)
    const member = await findMember(tx, userId)
    if (member === undefined) throw problems.NOT_FOUND()
    if (!judgeDeparture(member.role, role, await countOwners(tx)).allowed) throw problems.LAST_OWNER()
    if (role !== 'owner') await assertNotBreakGlass(tx, userId)
    const now = deps.clock.now()
    const besides = await changeMembership(deps, tx, userId, role, owner.userId)
    await publishPlatformEvent(tx, 'member.changed', { user_id: userId, change: 'role', role }, now)
    return {
      result: { ...member, role },
      entry: [
        {
          action: 'member.change_role',
          resourceId: userId,
          detail: { from: member.role, to: role },
          at: now,
        },
        ...besides,
      ],
    }
  })
}
