import { asGate } from '@gatehouse/kernel/db'
import type { PlatformDeps } from '../deps.ts'
import { findAdminCandidate } from '../store/admin-store.ts'

/**
 * Whether the operator has named this person, by an address that is certainly theirs: verified, or, where no mail can
 * be sent, that of the first person, whom the operator let in. Through an invitation alone, people could claim any
 * address.
 */
export async function isInstanceAdmin(
  deps: Pick<PlatformDeps, 'db' | 'mailer' | 'admins'>,
  userId: string,
): Promise<boolean> {
  if (deps.admins.length === 0) return false
  const candidate = await asGate(deps, (tx) => findAdminCandidate(tx, userId))
  if (candidate === undefined || !deps.admins.includes(candidate.email)) return false
  return candidate.isEmailVerified || (!deps.mailer.isConfigured && candidate.isFirstPerson)
}
