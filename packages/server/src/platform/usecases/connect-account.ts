import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteLink, takeLinkTry } from '../store/sso-arrival-store.ts'
import { findAccount } from '../store/user-store.ts'
import { enterByIssuer } from './enter-by-issuer.ts'
import { provePassword } from './guard-guesses.ts'
import type { SignedIn, Visit } from './open-member-session.ts'
import { digestToken } from './single-use-token.ts'
import { askSecondFactor, type HalfSignedIn } from './verify-mfa.ts'

const route = 'POST /auth/sso/connect'

/**
 * Connects an existing account with the identity that the issuer vouched for, once its person has agreed by entering
 * the password. From then on the issuer can open sessions of that account, in its own org only.
 */
export async function connectAccount(
  deps: PlatformDeps,
  { linkToken, password }: { readonly linkToken: string; readonly password: string },
  visit: Visit,
): Promise<SignedIn | HalfSignedIn> {
  const digest = digestToken(linkToken)
  const link = await asGate(deps, (tx) => takeLinkTry(tx, digest, policy.sso.linkTriesMax, deps.clock.now()))
  const refuse = (reason: string): Error => {
    const { ip } = visit
    deps.refusals.note({ orgId: link?.arrival.orgId, ip, route, reason, atMs: deps.clock.now() })
    return problems.UNAUTHORIZED({ detail: 'The password is wrong, or the sign-in must begin anew' })
  }
  if (link === undefined) throw refuse('link_over')
  const { userId, arrival } = link
  const account = await asGate(deps, (tx) => findAccount(tx, userId))
  if (account === undefined) throw refuse('account_gone')
  const verdict = await provePassword(deps, { email: account.email, account }, password, visit)
  if (!verdict.matches) throw refuse(verdict.reason)
  if (!(await asGate(deps, (tx) => deleteLink(tx, digest)))) throw refuse('link_over')
  const half = await askSecondFactor(deps, account, arrival.orgId, arrival)
  if (half !== undefined) return half
  const entered = await enterByIssuer(deps, arrival, account, visit)
  if (entered === 'taken') throw problems.ALREADY_CONNECTED()
  if (entered === 'gone' || entered === 'outrun') throw refuse('connection_gone')
  return entered
}
