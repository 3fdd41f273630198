import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendPasswordReset } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import type { Visit } from './open-member-session.ts'

/**
 * Queues a password reset. Whether the address has an account is not looked up here, so neither the reply nor its
 * duration discloses it (S9). The job looks it up, and tells only the mailbox.
 */
export async function forgotPassword(
  deps: PlatformDeps,
  email: string,
  { ip }: Pick<Visit, 'ip'>,
): Promise<void> {
  if (!deps.mailer.isConfigured) throw problems.EMAIL_NOT_CONFIGURED()
  const now = deps.clock.now()
  const proofId = newId(now)
  await mutate(deps, { kind: 'system', orgId: instanceOrgId, because: 'password reset' }, async (tx) => {
    await queueMail(tx, sendPasswordReset, { orgId: instanceOrgId, proofId, email })
    return {
      result: undefined,
      entry: { action: 'user.forget_password', resourceId: proofId, detail: { ip }, at: now },
    }
  })
}
