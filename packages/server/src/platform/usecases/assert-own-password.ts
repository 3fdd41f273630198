import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { type Account, findAccount } from '../store/user-store.ts'
import { provePassword } from './guard-guesses.ts'

export async function findOwnAccount(
  deps: Pick<PlatformDeps, 'db'>,
  { userId }: MemberPrincipal,
): Promise<Account> {
  const account = await asGate(deps, (tx) => findAccount(tx, userId))
  if (account === undefined) throw new Error('A session outlived its person')
  return account
}

/**
 * Verifies the password of a logged-in person again. A wrong one is refused with the name of its field, and is logged.
 */
export async function assertOwnPassword(
  deps: Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'digests' | 'mailer' | 'refusals'>,
  member: MemberPrincipal,
  given: { readonly field: string; readonly password: string; readonly route: string },
): Promise<Account> {
  const { field, password, route } = given
  const account = await findOwnAccount(deps, member)
  const verdict = await provePassword(deps, { email: account.email, account }, password, member)
  if (verdict.matches) return account
  const { orgId, ip } = member
  deps.refusals.note({ orgId, ip, route, reason: verdict.reason, atMs: deps.clock.now() })
  throw problems.VALIDATION_ERROR({ fields: [{ field, message: 'is not your password' }] })
}
