import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { judgeLook, type ViewWay } from '../domain/profile-view.ts'
import { countView, findView, insertView, type ProfileView } from '../store/profile-view-store.ts'
import { dayOf } from './read-interaction.ts'

/** Thrown to roll back a transaction whose view was recorded concurrently. */
class NotedAlready extends Error {}

/**
 * Records that somebody viewed an operator's figures: a reader has one row a day, which the operator can see, and the
 * first look of each that is not the operator is an entry in the chain.
 */
export async function noteLook(
  deps: Pick<OversightDeps, 'db' | 'audit' | 'clock'>,
  principal: Principal,
  operatorId: string,
  way?: ViewWay,
): Promise<void> {
  const nowMs = deps.clock.now()
  const view = toView(principal, operatorId, nowMs, way)
  if (view === undefined) return
  const count = (): Promise<void> => recordTelemetry(deps, principal, (tx) => countView(tx, view, nowMs))
  const noted = await within(deps, principal, (tx) => findView(tx, view))
  switch (judgeLook(noted, view.way, isOwn(view), nowMs)) {
    case 'nothing':
      return
    case 'count':
      return count()
    case 'entry':
      try {
        await mutate(deps, principal, async (tx) => {
          await recordFirst(tx, view, nowMs)
          const about = { resourceType: 'operator', resourceId: operatorId, at: nowMs }
          return { result: undefined, entry: { action: 'PROFILE_VIEWED', ...about } }
        })
      } catch (error) {
        if (!(error instanceof NotedAlready)) throw error
        await count()
      }
  }
}

async function recordFirst(tx: AuditedTx, view: ProfileView, nowMs: number): Promise<void> {
  const noted = await findView(tx, view)
  if (noted === undefined) {
    if (!(await insertView(tx, view, nowMs))) throw new NotedAlready()
    return
  }
  if (judgeLook(noted, view.way, false, nowMs) !== 'entry') throw new NotedAlready()
  await countView(tx, view, nowMs)
}

/** An access link opens the own record alone, so whoever holds it is taken to be the operator. */
function isOwn({ actorKind, way }: ProfileView): boolean {
  return actorKind === 'link' || way === 'own_record'
}

const usualWay = { member: 'screen', key: 'api', link: 'own_record' } as const

/** Undefined if the access is not a view that is recorded. */
export function toView(
  principal: Principal,
  operatorId: string,
  nowMs: number,
  way?: ViewWay,
): ProfileView | undefined {
  const { kind } = principal
  if (kind !== 'key' && kind !== 'member' && kind !== 'link') return undefined
  const actorId =
    kind === 'key' ? principal.keyPrefix : kind === 'member' ? principal.userId : principal.linkId
  return { operatorId, day: dayOf(nowMs), actorKind: kind, actorId, way: way ?? usualWay[kind] }
}
