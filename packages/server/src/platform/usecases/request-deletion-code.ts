import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendDeletionCode } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteProofsOf, insertProof } from '../store/mailed-proof-store.ts'
import { findOwnAccount } from './assert-own-password.ts'

const minuteMs = 60_000

export async function requestDeletionCode(deps: PlatformDeps, member: MemberPrincipal): Promise<void> {
  if (!deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  const { email } = await findOwnAccount(deps, member)
  const { userId, orgId } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const proofId = newId(now)
    await deleteProofsOf(tx, userId, 'delete_account')
    await insertProof(tx, {
      id: proofId,
      userId,
      purpose: 'delete_account',
      email,
      expiresAtMs: now + policy.deletionCodeMinutes * minuteMs,
      createdAtMs: now,
    })
    await queueMail(tx, sendDeletionCode, { orgId, proofId })
    return { result: undefined, entry: { action: 'user.ask_deletion', resourceId: userId, at: now } }
  })
}
