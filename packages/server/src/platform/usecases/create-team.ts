import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { Belonging } from '../domain/member.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listBelongings } from '../store/membership-store.ts'
import { foundOrg, newOrgId } from './found-org.ts'

/**
 * The orgs are counted before the transaction, so concurrent calls may exceed the bound by a few; it only prevents
 * floods.
 */
export async function createTeam(
  deps: PlatformDeps,
  member: MemberPrincipal,
  name: string,
): Promise<Belonging> {
  const belongings = await asGate(deps, (tx) => listBelongings(tx, member.userId))
  if (belongings.length >= policy.teamsPerPersonMax) throw problems.MAX_TEAMS_REACHED()
  return mutate(deps, { ...member, orgId: newOrgId(), role: 'owner' }, async (tx) => {
    const { org, entries } = await foundOrg(deps, tx, name, member.userId, deps.clock.now())
    const belonging = {
      orgId: org.id,
      name,
      plan: org.plan,
      role: 'owner',
      deletionScheduledAtMs: null,
      needsIssuer: false,
    } as const
    return { result: belonging, entry: entries }
  })
}
