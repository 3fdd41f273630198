import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { endAllSessions } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendEmailChanged } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { ProofPurpose } from '../domain/mailed-proof.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { setEmail } from '../store/account-store.ts'
import { deleteProofs, findProofByDigest, insertProof, takeProof } from '../store/mailed-proof-store.ts'
import { findPerson } from '../store/user-store.ts'
import { actAsPerson } from './act-as-person.ts'
import type { Visit } from './open-member-session.ts'

const dayMs = 86_400_000

/** Whether a link still works; the check changes nothing. */
export async function isLinkOpen(deps: PlatformDeps, purpose: ProofPurpose, token: string): Promise<boolean> {
  const digest = digestToken(token)
  const proof = await asGate(deps, (tx) => findProofByDigest(tx, [purpose], digest, deps.clock.now()))
  return proof !== undefined
}

/** Changes the address; the old address is notified, and can undo the change for a week. */
export async function confirmEmailChange(
  deps: PlatformDeps,
  token: string,
  visit: Pick<Visit, 'ip'>,
): Promise<void> {
  const digest = digestToken(token)
  const found = await asGate(deps, async (tx) => {
    const proof = await findProofByDigest(tx, ['change_email'], digest, deps.clock.now())
    return proof && { proof, person: await findPerson(tx, proof.userId) }
  })
  if (found?.person === undefined) throw problems.EXPIRED_TOKEN()
  const { proof, person } = found
  const principal = await actAsPerson(deps, person.id, visit)
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if (!(await takeProof(tx, proof.id, now))) throw problems.EXPIRED_TOKEN()
    // Another account has got this address since the mail was sent.
    if (!(await setEmail(tx, person.id, proof.email, now))) throw problems.EXPIRED_TOKEN()
    await deleteProofs(tx, person.id, ['undo_email'])
    const undoId = newId(now)
    await insertProof(tx, {
      id: undoId,
      userId: person.id,
      purpose: 'undo_email',
      email: person.email,
      expiresAtMs: now + policy.emailUndoDays * dayMs,
      createdAtMs: now,
    })
    await queueMail(tx, sendEmailChanged, { orgId: principal.orgId, proofId: undoId })
    await endAllSessions(tx, person.id, 'email_change', now)
    const detail = { from: person.email, to: proof.email }
    return {
      result: undefined,
      entry: { action: 'user.change_email', resourceId: person.id, detail, at: now },
    }
  })
}
