import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { deleteInvitation } from '../store/invitation-store.ts'

export async function revokeInvitation(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  id: string,
): Promise<void> {
  await mutate(deps, owner, async (tx) => {
    const now = deps.clock.now()
    if (!(await deleteInvitation(tx, id, now))) throw problems.NOT_FOUND()
    return { result: undefined, entry: { action: 'invitation.revoke', resourceId: id, at: now } }
  })
}
