import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendAddressProof } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteProofsOf, insertProof } from '../store/mailed-proof-store.ts'
import { findOwnAccount } from './assert-own-password.ts'

const hourMs = 3_600_000

/**
 * Mails the verification again, to people who joined by an owner's link or an invitation link, and whose address is not
 * proven yet.
 */
export async function sendVerificationAgain(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  if (!deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  const { email, emailVerifiedAtMs } = await findOwnAccount(deps, member)
  if (emailVerifiedAtMs !== null) throw problems.EMAIL_VERIFIED()
  const { userId, orgId } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const proofId = newId(now)
    await deleteProofsOf(tx, userId, 'verify_email')
    await insertProof(tx, {
      id: proofId,
      userId,
      purpose: 'verify_email',
      email,
      expiresAtMs: now + policy.verificationHours * hourMs,
      createdAtMs: now,
    })
    await queueMail(tx, sendAddressProof, { orgId, proofId })
    return { result: undefined, entry: { action: 'user.ask_verification', resourceId: userId, at: now } }
  })
}
