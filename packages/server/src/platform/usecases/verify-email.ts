import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { digestToken } from '../single-use-token.ts'
import { deleteRegistration, findRegistrationByToken } from '../store/registration-store.ts'
import { insertUser } from '../store/user-store.ts'
import { foundOrg, newOrgId } from './found-org.ts'

/** Whoever reads the mail proves the address; person and org exist from here on. */
export async function verifyEmail(deps: PlatformDeps, token: string): Promise<void> {
  const now = deps.clock.now()
  const registration = await asGate(deps, (tx) => findRegistrationByToken(tx, digestToken(token), now))
  if (registration === undefined) throw problems.EXPIRED_TOKEN()
  await mutate(deps, { kind: 'system', orgId: newOrgId(), because: 'registration' }, async (tx) => {
    if (!(await deleteRegistration(tx, registration))) throw problems.EXPIRED_TOKEN()
    const { email, name, language, passwordHash, orgName } = registration
    const id = newId(now)
    const account = { id, email, name, language, passwordHash, emailVerifiedAtMs: now, createdAtMs: now }
    // The address came to an account by another way since the mail was sent.
    if (!(await insertUser(tx, account))) throw problems.EXPIRED_TOKEN()
    const { entry } = await foundOrg(tx, orgName, id, now)
    return {
      result: undefined,
      entry: [{ action: 'user.register', resourceId: id, detail: { email }, at: now }, entry],
    }
  })
}
