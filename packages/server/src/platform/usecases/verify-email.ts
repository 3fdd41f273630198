import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { PlatformDeps } from '../deps.ts'
import type { Registration } from '../domain/registration.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { setEmailVerified } from '../store/account-store.ts'
import { findProofByDigest, takeProof } from '../store/mailed-proof-store.ts'
import { deleteRegistration, findRegistrationByToken } from '../store/registration-store.ts'
import { insertUser } from '../store/user-store.ts'
import { actAsPerson } from './act-as-person.ts'
import { foundOrg, newOrgId } from './found-org.ts'
import type { Visit } from './open-member-session.ts'

/** Verifies an address by a mailed token: that of an account, or of a registration, which then becomes an account. */
export async function verifyEmail(
  deps: PlatformDeps,
  token: string,
  visit: Pick<Visit, 'ip'>,
): Promise<void> {
  const digest = digestToken(token)
  const now = deps.clock.now()
  const { registration, proof } = await asGate(deps, async (tx) => ({
    registration: await findRegistrationByToken(tx, digest, now),
    proof: await findProofByDigest(tx, ['verify_email'], digest, now),
  }))
  if (registration !== undefined) return beginAccount(deps, registration)
  if (proof === undefined) throw problems.EXPIRED_TOKEN()
  const person = await actAsPerson(deps, proof.userId, visit)
  await mutate(deps, person, async (tx) => {
    if (!(await takeProof(tx, proof.id, now))) throw problems.EXPIRED_TOKEN()
    await setEmailVerified(tx, proof.userId, now)
    const entry = { action: 'user.verify_email', resourceId: proof.userId, at: now }
    return { result: undefined, entry }
  })
}

/** Creates the person and their org. */
async function beginAccount(deps: PlatformDeps, registration: Registration): Promise<void> {
  const now = deps.clock.now()
  await mutate(deps, { kind: 'system', orgId: newOrgId(), because: 'registration' }, async (tx) => {
    if (!(await deleteRegistration(tx, registration))) throw problems.EXPIRED_TOKEN()
    const { email, name, language, passwordHash, orgName } = registration
    const id = newId(now)
    const account = { id, email, name, language, passwordHash, emailVerifiedAtMs: now, createdAtMs: now }
    // Another account has got this address since the mail was sent.
    if (!(await insertUser(tx, account))) throw problems.EXPIRED_TOKEN()
    const { entries } = await foundOrg(deps, tx, orgName, id, now)
    return {
      result: undefined,
      entry: [{ action: 'user.register', resourceId: id, detail: { email }, at: now }, ...entries],
    }
  })
}
