import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { setDeletion } from '../store/account-store.ts'

export async function cancelDeletion(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  const { userId } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (!(await setDeletion(tx, userId, null, now)))
      throw problems.NOT_FOUND({ detail: 'No deletion of your account is scheduled' })
    return { result: undefined, entry: { action: 'user.cancel_deletion', resourceId: userId, at: now } }
  })
}
