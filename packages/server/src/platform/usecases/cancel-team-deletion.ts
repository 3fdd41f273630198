import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listMemberDeletions, setOrgDeletion } from '../store/org-life-store.ts'
import { lockOrg } from '../store/org-store.ts'

export async function cancelTeamDeletion(deps: PlatformDeps, owner: MemberPrincipal): Promise<void> {
  await mutate(deps, owner, async (tx) => {
    await lockOrg(tx)
    // The org would have no members.
    if (!(await listMemberDeletions(tx)).includes(null)) throw problems.GOES_WITH_ACCOUNT()
    const now = deps.clock.now()
    if (!(await setOrgDeletion(tx, null, now)))
      throw problems.NOT_FOUND({ detail: 'No deletion of this organisation is scheduled' })
    return { result: undefined, entry: { action: 'org.cancel_deletion', resourceId: owner.orgId, at: now } }
  })
}
