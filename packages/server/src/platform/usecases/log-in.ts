import { asGate } from '@gatehouse/kernel/db'
import { hashPassword } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { toReachable } from '../domain/to-reachable.ts'
import { problems } from '../problems.ts'
import { listBelongings } from '../store/membership-store.ts'
import { type Account, findAccountByEmail, setPasswordHash } from '../store/user-store.ts'
import { provePassword } from './guard-guesses.ts'
import type { SignedIn, Visit } from './open-member-session.ts'
import { askSecondFactor, enter, type HalfSignedIn } from './verify-mfa.ts'

export type Credentials = { readonly email: string; readonly password: string }

/** Logs a person in. Every refusal is the same 401 after the same work; only the audit log records the reason. */
export async function logIn(
  deps: PlatformDeps,
  { email, password }: Credentials,
  visit: Visit,
): Promise<SignedIn | HalfSignedIn> {
  const { account, belongings } = await asGate(deps, async (tx) => {
    const found = await findAccountByEmail(tx, email)
    // Queried for an unknown account too, so that it takes the same work.
    return { account: found, belongings: await listBelongings(tx, found?.id ?? '') }
  })
  const [active] = toReachable(belongings, null)
  const refuse = (reason: string): Error => {
    const route = 'POST /auth/login'
    deps.refusals.note({
      orgId: (active ?? belongings[0])?.orgId,
      ip: visit.ip,
      route,
      reason,
      atMs: deps.clock.now(),
    })
    return problems.UNAUTHORIZED({ detail: 'The e-mail address or the password is wrong' })
  }
  const verdict = await provePassword(deps, { email, account }, password, visit)
  if (!verdict.matches) throw refuse(verdict.reason)
  if (account === undefined) throw new Error('The password of nobody was proven')
  if (active === undefined && belongings.length > 0) {
    refuse('single_sign_on_required')
    // This refusal differs from the others, so it is given only after the password was right.
    throw problems.SINGLE_SIGN_ON_REQUIRED({
      detail: 'Your organisation lets you in through its own sign-in server',
    })
  }
  if (active === undefined) throw refuse('no_org')
  if (verdict.needsRehash) await strengthen(deps, account, password)
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
