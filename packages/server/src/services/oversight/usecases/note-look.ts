import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { insertView, isViewNoted, type ProfileView } from '../store/people-store.ts'
import { dayOf } from './read-interaction.ts'

/** Thrown to roll back a transaction whose view was recorded concurrently. */
class NotedAlready extends Error {}

/**
 * Records that a member or key of the organisation viewed an operator's figures: once per viewer and day, in the
 * chain and in the operator's own record. Operators who view their own figures are not recorded.
 */
export async function noteLook(
  deps: Pick<OversightDeps, 'db' | 'audit' | 'clock'>,
  principal: Principal,
  operatorId: string,
): Promise<void> {
  const nowMs = deps.clock.now()
  const view = toView(principal, operatorId, nowMs)
  if (view === undefined) return
  if (await within(deps, principal, (tx) => isViewNoted(tx, view))) return
  try {
    await mutate(deps, principal, async (tx) => {
      if (!(await insertView(tx, view, nowMs))) throw new NotedAlready()
      const about = { resourceType: 'operator', resourceId: operatorId, at: nowMs }
      return { result: undefined, entry: { action: 'PROFILE_VIEWED', ...about } }
    })
  } catch (error) {
    if (!(error instanceof NotedAlready)) throw error
  }
}

/** Undefined if the access is not a view that is recorded. */
export function toView(principal: Principal, operatorId: string, nowMs: number): ProfileView | undefined {
  if (principal.kind !== 'key' && principal.kind !== 'member') return undefined
  return {
    operatorId,
    day: dayOf(nowMs),
    actorKind: principal.kind,
    actorId: principal.kind === 'key' ? principal.keyPrefix : principal.userId,
  }
}
