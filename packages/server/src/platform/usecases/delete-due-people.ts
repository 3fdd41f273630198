import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { deleteSessionsOfPerson } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendDeletionBlocked } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { judgeDeparture } from '../domain/judge-departure.ts'
import { judgeTies, type Tie } from '../domain/judge-ties.ts'
import { problems } from '../problems.ts'
import { deleteUser, listDueDeletions, listTies, setDeletion } from '../store/account-store.ts'
import { countOwners, findMember } from '../store/membership-store.ts'
import { listMemberDeletions } from '../store/org-life-store.ts'
import { lockOrg } from '../store/org-store.ts'
import { changeMembership } from './change-membership.ts'
import { eraseOrg } from './erase-org.ts'

const peopleAtOnceMax = 100

/** Deletes the people whose deletion is due, one by one, so that one failure does not delay the others. */
export async function deleteDuePeople(deps: PlatformDeps, signal?: AbortSignal): Promise<void> {
  const due = await asGate(deps, (tx) => listDueDeletions(tx, deps.clock.now(), peopleAtOnceMax))
  const failures: unknown[] = []
  for (const userId of due) {
    signal?.throwIfAborted()
    await deletePerson(deps, userId, signal).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} people could not be deleted`)
}

/**
 * Erases the orgs without another member, leaves the others, then deletes the account; can be repeated after an
 * interruption.
 */
async function deletePerson(deps: PlatformDeps, userId: string, signal?: AbortSignal): Promise<void> {
  const verdict = judgeTies(await asGate(deps, (tx) => listTies(tx, userId)))
  if (!verdict.free) return keepPerson(deps, userId, verdict.owned)
  for (const { orgId } of verdict.alone) {
    const isAlone = async (tx: AuditedTx) => (await listMemberDeletions(tx)).length === 1
    // Somebody has joined since; the next run decides again.
    if (!(await eraseOrg(deps, deleting(orgId), isAlone, signal)).erased) return
  }
  for (const { orgId } of verdict.shared) await leave(deps, userId, orgId)
  await asGate(deps, (tx) => deleteSessionsOfPerson(tx, userId))
  await mutate(deps, deleting(instanceOrgId), async (tx) => {
    const now = deps.clock.now()
    const isGone = await deleteUser(tx, userId, now)
    return {
      result: undefined,
      entry: { action: 'user.delete', resourceId: userId, outcome: isGone ? 'done' : 'refused', at: now },
    }
  })
}

async function leave(deps: PlatformDeps, userId: string, orgId: string): Promise<void> {
  await mutate(deps, deleting(orgId), async (tx) => {
    await lockOrg(tx)
    const member = await findMember(tx, userId)
    if (member === undefined) throw new Error('Someone left while their account was being deleted')
    if (!judgeDeparture(member.role, undefined, await countOwners(tx)).allowed) throw problems.LAST_OWNER()
    const now = deps.clock.now()
    const besides = await changeMembership(deps, tx, userId, undefined, 'system')
    const entry = {
      action: 'member.leave',
      resourceId: userId,
      detail: { because: 'account deletion' },
      at: now,
    }
    return { result: undefined, entry: [entry, ...besides] }
  })
}

/**
 * The other owners left in the meantime: the person is notified, and nothing happens until they request the deletion
 * again.
 */
async function keepPerson(deps: PlatformDeps, userId: string, owned: readonly Tie[]): Promise<void> {
  const [first] = owned
  if (first === undefined) throw new Error('Nothing keeps this person')
  const { orgId } = first
  await mutate(deps, deleting(orgId), async (tx) => {
    const now = deps.clock.now()
    await setDeletion(tx, userId, null, now)
    const orgs = owned.map(({ name }) => name).join(', ')
    if (deps.mailer.isConfigured) await queueMail(tx, sendDeletionBlocked, { orgId, userId, orgs })
    const refused = { outcome: 'refused', reason: 'last_owner' } as const
    return { result: undefined, entry: { action: 'user.delete', resourceId: userId, ...refused, at: now } }
  })
}

function deleting(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'account deletion' }
}
