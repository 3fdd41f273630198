import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { endAllSessions, hashPassword } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendPasswordReset } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { digestToken, mintToken } from './single-use-token.ts'
import { setEmail, setPassword } from '../store/account-store.ts'
import { deleteProofs, findProofByDigest, takeProof } from '../store/mailed-proof-store.ts'
import { actAsPerson } from './act-as-person.ts'
import type { Visit } from './open-member-session.ts'

/**
 * Restores the account's old address. Whoever changed it knew the password, so the password is replaced by one that
 * nobody knows, and a link to set a new one is mailed immediately.
 */
export async function undoEmailChange(
  deps: PlatformDeps,
  token: string,
  visit: Pick<Visit, 'ip'>,
): Promise<void> {
  const digest = digestToken(token)
  const proof = await asGate(deps, (tx) => findProofByDigest(tx, ['undo_email'], digest, deps.clock.now()))
  if (proof === undefined) throw problems.EXPIRED_TOKEN()
  const { userId, email } = proof
  const nobodyKnows = await hashPassword(mintToken().token)
  const person = await actAsPerson(deps, userId, visit)
  await mutate(deps, person, async (tx) => {
    const now = deps.clock.now()
    if (!(await takeProof(tx, proof.id, now))) throw problems.EXPIRED_TOKEN()
    // Somebody else has registered the address since.
    if (!(await setEmail(tx, userId, email, now))) throw problems.EXPIRED_TOKEN()
    await setPassword(tx, userId, nobodyKnows, now)
    await deleteProofs(tx, userId)
    await queueMail(tx, sendPasswordReset, { orgId: person.orgId, proofId: newId(now), email })
    await endAllSessions(tx, userId, 'email_change', now)
    const detail = { to: email }
    return {
      result: undefined,
      entry: { action: 'user.undo_email_change', resourceId: userId, detail, at: now },
    }
  })
}
