import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId, type MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { listBelongings } from '../store/membership-store.ts'
import { arriving, type Visit } from './open-member-session.ts'

/**
 * The principal of a person who acts with a mailed proof, without a session: in the org that they joined first, whose
 * chain records it, or in the instance's own when they belong to none.
 */
export async function actAsPerson(
  deps: Pick<PlatformDeps, 'db'>,
  userId: string,
  visit: Pick<Visit, 'ip'>,
): Promise<MemberPrincipal> {
  const [first] = await asGate(deps, (tx) => listBelongings(tx, userId))
  return arriving(userId, first?.orgId ?? instanceOrgId, first?.role ?? 'viewer', {
    ...visit,
    userAgent: undefined,
  })
}
