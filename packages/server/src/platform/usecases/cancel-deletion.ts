import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listTies, setDeletion } from '../store/account-store.ts'
import { setOrgDeletion } from '../store/org-life-store.ts'
import { findPerson } from '../store/user-store.ts'

/** Cancels the deletion of the account, and of the orgs that would have been deleted with it. */
export async function cancelDeletion(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  const { userId } = member
  const { scheduledAtMs, ties } = await asGate(deps, async (tx) => ({
    scheduledAtMs: (await findPerson(tx, userId))?.deletionScheduledAtMs ?? null,
    ties: await listTies(tx, userId),
  }))
  if (scheduledAtMs === null) throw notScheduled()
  // The account is last, so that after an interruption a repeated call does the rest.
  for (const { orgId, deletionScheduledAtMs } of ties)
    if (deletionScheduledAtMs === scheduledAtMs) await keepOrg(deps, { ...member, orgId })
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    if (!(await setDeletion(tx, userId, null, now))) throw notScheduled()
    return { result: undefined, entry: { action: 'user.cancel_deletion', resourceId: userId, at: now } }
  })
}

async function keepOrg(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    await setOrgDeletion(tx, null, now)
    const detail = { because: 'account deletion cancelled' }
    return {
      result: undefined,
      entry: { action: 'org.cancel_deletion', resourceId: tx.orgId, detail, at: now },
    }
  })
}

function notScheduled(): Error {
  return problems.NOT_FOUND({ detail: 'No deletion of your account is scheduled' })
}
