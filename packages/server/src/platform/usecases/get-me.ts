import { asGate } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { findLive } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import type { FactorKind } from '../domain/factor.ts'
import type { Belonging } from '../domain/member.ts'
import type { Person } from '../domain/person.ts'
import { listFactors } from '../store/factor-store.ts'
import { listBelongings } from '../store/membership-store.ts'
import { findPerson } from '../store/user-store.ts'
import { isInstanceAdmin } from './is-instance-admin.ts'

export type Me = {
  readonly person: Person
  readonly belongings: readonly Belonging[]
  /** Each kind once. */
  readonly factors: readonly FactorKind[]
  /** Access tokens for the active org that were issued up to this time are refused (S5); null when none ever was. */
  readonly epochMs: number | null
  readonly isInstanceAdmin: boolean
}

export async function getMe(deps: PlatformDeps, member: MemberPrincipal): Promise<Me> {
  const isAdmin = member.isConfined !== true && (await isInstanceAdmin(deps, member.userId))
  return asGate(deps, async (tx) => {
    const person = await findPerson(tx, member.userId)
    const live = await findLive(tx, member.sessionId, member.userId, member.orgId)
    if (person === undefined) throw new Error('A session outlived its person')
    const factors = await listFactors(tx, member.userId)
    return {
      person,
      belongings: (await listBelongings(tx, member.userId)).filter(
        // The issuer of one org must not learn to which other orgs its people belong.
        ({ orgId }) => !member.isConfined || orgId === member.orgId,
      ),
      factors: [...new Set(factors.map(({ kind }) => kind))],
      epochMs: live === undefined || live.notBeforeMs === 0 ? null : live.notBeforeMs,
      isInstanceAdmin: isAdmin,
    }
  })
}
