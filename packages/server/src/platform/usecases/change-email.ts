import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendEmailChange } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteProofsOf, insertProof } from '../store/mailed-proof-store.ts'
import { assertOwnPassword } from './assert-own-password.ts'

const hourMs = 3_600_000

/**
 * Requests a change of address. Nothing changes until the new address is confirmed; whether it has an account is
 * disclosed only in a mail to it (S9).
 */
export async function changeEmail(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { newEmail, password }: { readonly newEmail: string; readonly password: string },
): Promise<void> {
  if (!deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  const route = 'POST /dashboard/account/change-email'
  const { email } = await assertOwnPassword(deps, member, { field: 'password', password, route })
  if (newEmail === email)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'newEmail', message: 'is your address already' }] })
  const { userId, orgId } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const proofId = newId(now)
    // Only the latest request counts.
    await deleteProofsOf(tx, userId, 'change_email')
    await insertProof(tx, {
      id: proofId,
      userId,
      purpose: 'change_email',
      email: newEmail,
      expiresAtMs: now + policy.emailChangeHours * hourMs,
      createdAtMs: now,
    })
    await queueMail(tx, sendEmailChange, { orgId, proofId })
    return { result: undefined, entry: { action: 'user.ask_email_change', resourceId: userId, at: now } }
  })
}
