import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findNotice, insertSeen, listNotices, type SecurityNotice } from '../store/security-notice-store.ts'

/** The security notices to the member's org, newest first. */
export async function listSecurityNotices(
  deps: Pick<PlatformDeps, 'db'>,
  member: MemberPrincipal,
): Promise<readonly (SecurityNotice & { readonly isSeen: boolean })[]> {
  return within(deps, member, (tx) => listNotices(tx, member.userId))
}

/** Records that the person has read the notice; it stays visible to the others. */
export async function acknowledgeNotice(
  deps: Pick<PlatformDeps, 'db' | 'audit' | 'clock'>,
  member: MemberPrincipal,
  id: string,
): Promise<void> {
  await mutate(deps, member, async (tx) => {
    if ((await findNotice(tx, id)) === undefined) throw problems.NOT_FOUND()
    const at = deps.clock.now()
    await insertSeen(tx, id, member.userId, at)
    return { result: undefined, entry: { action: 'security_notice.acknowledge', resourceId: id, at } }
  })
}
