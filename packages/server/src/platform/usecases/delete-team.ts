import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendTeamDeletion } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { findOrgLife, setOrgDeletion } from '../store/org-life-store.ts'
import { lockOrg } from '../store/org-store.ts'

const dayMs = 86_400_000

/**
 * Schedules the org's erasure and returns its time. A repeated call changes nothing: the first time stands until it is
 * cancelled.
 */
export async function deleteTeam(deps: PlatformDeps, owner: MemberPrincipal): Promise<number> {
  const { orgId } = owner
  return mutate(deps, owner, async (tx) => {
    await lockOrg(tx)
    const now = deps.clock.now()
    const { deletionScheduledAtMs } = await findOrgLife(tx)
    const atMs = deletionScheduledAtMs ?? now + policy.deletionDays * dayMs
    if ((await setOrgDeletion(tx, atMs, now)) && deps.mailer.isConfigured)
      await queueMail(tx, sendTeamDeletion, { orgId })
    const detail = { deletionScheduledAt: new Date(atMs).toISOString() }
    return { result: atMs, entry: { action: 'org.schedule_deletion', resourceId: orgId, detail, at: now } }
  })
}
