import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendDeletionScheduled } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { judgeTies } from '../domain/judge-ties.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestCode } from './short-code.ts'
import { listTies, setDeletion } from '../store/account-store.ts'
import { countFailure, deleteProofsOf, findProofByDigest } from '../store/mailed-proof-store.ts'
import { setOrgDeletion } from '../store/org-life-store.ts'
import { assertOwnPassword, findOwnAccount } from './assert-own-password.ts'

/** Exactly one of the two. */
export type DeletionProof = { readonly code?: string | undefined; readonly password?: string | undefined }

const dayMs = 86_400_000
const route = 'POST /dashboard/account/delete'

/**
 * Schedules the deletion and returns its time. A repeated call changes nothing: the first time stands until it is
 * cancelled.
 */
export async function deleteAccount(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { code, password = '' }: DeletionProof,
): Promise<number> {
  const account =
    code === undefined
      ? await assertOwnPassword(deps, member, { field: 'password', password, route })
      : await assertOwnCode(deps, member, code)
  if (account.deletionScheduledAtMs !== null) return account.deletionScheduledAtMs
  const { userId, orgId } = member
  const verdict = judgeTies(await asGate(deps, (tx) => listTies(tx, userId)))
  if (!verdict.free)
    throw problems.LAST_OWNER({
      detail: `Name another owner first for: ${verdict.owned.map(({ name }) => name).join(', ')}`,
    })
  const scheduledAtMs = await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const atMs = now + policy.deletionDays * dayMs
    await setDeletion(tx, userId, atMs, now)
    await deleteProofsOf(tx, userId, 'delete_account')
    if (deps.mailer.isConfigured) await queueMail(tx, sendDeletionScheduled, { orgId, userId })
    const detail = { deletionScheduledAt: new Date(atMs).toISOString() }
    return { result: atMs, entry: { action: 'user.schedule_deletion', resourceId: userId, detail, at: now } }
  })
  for (const { orgId: aloneId, deletionScheduledAtMs } of verdict.alone)
    if (deletionScheduledAtMs === null) await takeAlong(deps, { ...member, orgId: aloneId }, scheduledAtMs)
  return scheduledAtMs
}

/** Schedules the org for exactly the same time as the account: by that, cancelling finds the orgs to keep. */
async function takeAlong(deps: PlatformDeps, member: MemberPrincipal, atMs: number): Promise<void> {
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    await setOrgDeletion(tx, atMs, now)
    const detail = { deletionScheduledAt: new Date(atMs).toISOString(), because: 'account deletion' }
    const entry = { action: 'org.schedule_deletion', resourceId: tx.orgId, detail, at: now }
    return { result: undefined, entry }
  })
}

async function assertOwnCode(deps: PlatformDeps, member: MemberPrincipal, code: string) {
  const { userId, orgId, ip } = member
  const digest = digestCode(deps.digests, `delete_account:${userId}`, code)
  const isProven = await asGate(deps, async (tx) => {
    const proof = await findProofByDigest(tx, ['delete_account'], digest, deps.clock.now())
    if (proof?.userId === userId) return true
    await countFailure(tx, userId, 'delete_account', policy.deletionCodeAttemptsMax)
    return false
  })
  if (isProven) return findOwnAccount(deps, member)
  deps.refusals.note({ orgId, ip, route, reason: 'wrong_deletion_code', atMs: deps.clock.now() })
  throw problems.EXPIRED_TOKEN({ detail: 'The code is wrong, was used or has expired; ask for a new one' })
}
