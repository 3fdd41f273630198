import { mutate } from '@gatehouse/kernel/audit'
import { asGate, type Database, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { targetWordingVersion } from '../domain/target-wording.ts'
import {
  type AcknowledgingOrgs,
  countAcknowledgingOrgs,
  findTargetAcknowledgement,
  insertTargetAcknowledgement,
  type TargetAcknowledgement,
} from '../store/acknowledgement-store.ts'
import { findUserNames } from '../store/user-name-store.ts'

export type NamedAcknowledgement = TargetAcknowledgement & { readonly name: string | null }

export async function readTargetAcknowledgement(
  deps: Pick<PlatformDeps, 'db'>,
  member: MemberPrincipal,
): Promise<NamedAcknowledgement | undefined> {
  return within(deps, member, async (tx) => {
    const found = await findTargetAcknowledgement(tx)
    if (found === undefined) return undefined
    const names = await findUserNames(tx, [found.userId])
    return { ...found, name: names.get(found.userId) ?? null }
  })
}

/** Records the acknowledgement of a wording; the first one is kept if it is repeated. */
export async function acknowledgeTargets(
  deps: Pick<PlatformDeps, 'audit' | 'clock' | 'db'>,
  owner: MemberPrincipal,
): Promise<void> {
  const atMs = deps.clock.now()
  const version = targetWordingVersion
  const known = await within(deps, owner, findTargetAcknowledgement)
  if (known?.version === version) return
  await mutate(deps, owner, async (tx) => {
    const isFirst = await insertTargetAcknowledgement(tx, { version, userId: owner.userId, atMs })
    const detail = { version, isFirst }
    return {
      result: undefined,
      entry: { action: 'org.acknowledge_targets', resourceId: owner.orgId, detail, at: atMs },
    }
  })
}

/** The number of acknowledgements over all orgs, for the operator. */
export function countTargetAcknowledgements(deps: { readonly db: Database }): Promise<AcknowledgingOrgs> {
  return asGate(deps, (tx) => countAcknowledgingOrgs(tx, targetWordingVersion))
}
