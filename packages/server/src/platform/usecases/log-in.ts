import { asGate } from '@gatehouse/kernel/db'
import { hashPassword, verifyAgainstNothing, verifyPassword } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listBelongings } from '../store/membership-store.ts'
import { type Account, findAccountByEmail, setPasswordHash } from '../store/user-store.ts'
import type { SignedIn, Visit } from './open-member-session.ts'
import { askSecondFactor, enter, type HalfSignedIn } from './verify-mfa.ts'

export type Credentials = { readonly email: string; readonly password: string }

/** Every refusal is the same 401 after the same work; which it was, the audit log alone hears. */
export async function logIn(
  deps: PlatformDeps,
  { email, password }: Credentials,
  visit: Visit,
): Promise<SignedIn | HalfSignedIn> {
  const { account, belongings } = await asGate(deps, async (tx) => {
    const found = await findAccountByEmail(tx, email)
    // Asked for nobody, too, so that an unknown address takes the same work.
    return { account: found, belongings: await listBelongings(tx, found?.id ?? '') }
  })
  const [active] = belongings
  const refuse = (reason: string): Error => {
    const route = 'POST /auth/login'
    deps.refusals.note({ orgId: active?.orgId, ip: visit.ip, route, reason, atMs: deps.clock.now() })
    return problems.UNAUTHORIZED({ detail: 'The e-mail address or the password is wrong' })
  }
  if (account === undefined) {
    await verifyAgainstNothing(password)
    throw refuse('unknown_address')
  }
  const { matches, needsRehash } = await verifyPassword(password, account.passwordHash)
  if (!matches) throw refuse('wrong_password')
  if (active === undefined) throw refuse('no_org')
  if (needsRehash) await strengthen(deps, account, password)
  return (await askSecondFactor(deps, account, active.orgId)) ?? enter(deps, account, active, visit)
}

async function strengthen(
  deps: PlatformDeps,
  { id, passwordHash }: Account,
  password: string,
): Promise<void> {
  const fresh = await hashPassword(password)
  await asGate(deps, (tx) => setPasswordHash(tx, id, passwordHash, fresh))
}
