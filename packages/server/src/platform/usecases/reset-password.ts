import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { endAllSessions } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendPasswordChanged } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { setEmailVerified, setPassword } from '../store/account-store.ts'
import { deleteProofs, findProofByDigest, takeProof } from '../store/mailed-proof-store.ts'
import { actAsPerson } from './act-as-person.ts'
import { assertGoodPassword, hashNewPassword } from './hash-new-password.ts'
import type { Visit } from './open-member-session.ts'

/**
 * Sets a new password for the holder of the token, once; every session ends, and other mailed proofs become invalid
 * (S5).
 */
export async function resetPassword(
  deps: PlatformDeps,
  { token, password }: { readonly token: string; readonly password: string },
  visit: Pick<Visit, 'ip'>,
): Promise<void> {
  // Checked first, so that an unsuitable password does not use up the token.
  assertGoodPassword(password)
  const digest = digestToken(token)
  const proof = await asGate(deps, (tx) =>
    findProofByDigest(tx, ['reset_password', 'handed_reset'], digest, deps.clock.now()),
  )
  if (proof === undefined) throw problems.EXPIRED_TOKEN()
  const passwordHash = await hashNewPassword(password)
  const { userId } = proof
  const person = await actAsPerson(deps, userId, visit)
  await mutate(deps, person, async (tx) => {
    const now = deps.clock.now()
    if (!(await takeProof(tx, proof.id, now))) throw problems.EXPIRED_TOKEN()
    await setPassword(tx, userId, passwordHash, now)
    // A link that was handed over does not prove that its holder reads the mailbox.
    if (proof.purpose === 'reset_password') await setEmailVerified(tx, userId, now)
    await deleteProofs(tx, userId, ['undo_email'])
    await endAllSessions(tx, userId, 'password_reset', now)
    const { orgId, ip } = person
    if (deps.mailer.isConfigured) await queueMail(tx, sendPasswordChanged, { orgId, userId, ip, atMs: now })
    return { result: undefined, entry: { action: 'user.reset_password', resourceId: userId, at: now } }
  })
}
