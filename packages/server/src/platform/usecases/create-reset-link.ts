import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { instanceOrgId, type MemberPrincipal, type SystemPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteProofsOf, insertHandedReset } from '../store/mailed-proof-store.ts'
import { findMember, isBeyondOwner } from '../store/membership-store.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { isInstanceAdmin } from './is-instance-admin.ts'
import { mintToken } from './single-use-token.ts'

export type ResetLink = { readonly url: string; readonly expiresAtMs: number }

type LinkDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'publicUrl'>
type Person = { readonly id: string; readonly email: string }

const minuteMs = 60_000

/**
 * Makes a link with which a member can set a new password, for instances that send no mail. Its holder acts as that
 * person, so an owner can make one only for people who belong to no orgs beyond the owner's.
 */
export async function createMemberResetLink(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  userId: string,
): Promise<ResetLink> {
  const isBeyond =
    (await asGate(deps, (tx) => isBeyondOwner(tx, userId, owner.userId))) ||
    (await isInstanceAdmin(deps, userId))
  return mutate(deps, owner, async (tx) => {
    const member = await findMember(tx, userId)
    if (member === undefined) throw problems.NOT_FOUND()
    assertNotMailed(deps)
    if (userId === owner.userId)
      throw problems.FORBIDDEN({ detail: 'Your own password is changed in your account' })
    if (isBeyond)
      throw problems.FORBIDDEN({
        detail:
          'This person belongs to an organisation that is not yours, or administers this server: whoever runs the server makes the link',
      })
    return makeLink(deps, tx, { id: userId, email: member.email }, owner.userId)
  })
}

/** Makes such a link for anybody; for administrators of the instance. */
export async function createAccountResetLink(
  deps: PlatformDeps,
  admin: MemberPrincipal,
  email: string,
): Promise<ResetLink> {
  const account = await asGate(deps, (tx) => findAccountByEmail(tx, email))
  if (account === undefined) throw problems.NOT_FOUND()
  assertNotMailed(deps)
  return mutate(deps, { ...admin, orgId: instanceOrgId }, (tx) => makeLink(deps, tx, account, admin.userId))
}

/** Makes such a link for the command on the server's own machine, whether mail is configured or not. */
export async function createOperatorResetLink(deps: LinkDeps, email: string): Promise<ResetLink | undefined> {
  const account = await asGate(deps, (tx) => findAccountByEmail(tx, email))
  if (account === undefined) return undefined
  const operator: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'reset link' }
  return mutate(deps, operator, (tx) => makeLink(deps, tx, account, null))
}

/** The token is only in the result; an earlier link stops working. */
async function makeLink(deps: LinkDeps, tx: AuditedTx, { id, email }: Person, by: string | null) {
  const now = deps.clock.now()
  const { token, digest } = mintToken()
  const expiresAtMs = now + policy.passwordResetMinutes * minuteMs
  await deleteProofsOf(tx, id, 'handed_reset')
  const proof = { userId: id, email, purpose: 'handed_reset', expiresAtMs, createdAtMs: now } as const
  await insertHandedReset(tx, { id: newId(now), ...proof }, digest, by)
  const result: ResetLink = { url: `${deps.publicUrl()}/app/reset-password?token=${token}`, expiresAtMs }
  return { result, entry: { action: 'user.reset_link', resourceId: id, at: now } }
}

function assertNotMailed({ mailer }: Pick<PlatformDeps, 'mailer'>): void {
  if (mailer.isConfigured) throw problems.RESET_IS_MAILED()
}
