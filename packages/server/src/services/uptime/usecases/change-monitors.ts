import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { BulkChangeBody } from '../contract/monitors.ts'
import type { UptimeDeps } from '../deps.ts'
import { isTold } from '../monitor-types/watch.ts'
import { problems } from '../problems.ts'
import { lockMonitors } from '../store/judge-store.ts'
import { setDeadlines } from '../store/heartbeat-store.ts'
import { type Monitor, setCommonSettings } from '../store/monitor-store.ts'
import { deleteSchedules, insertSchedules } from '../store/schedule-store.ts'
import { watchHeartbeats } from './follow-maintenance.ts'
import { lockAll, mapAll } from './lock-all.ts'
import { assertRoomForActiveMonitor } from './plan-limits.ts'
import { toPace } from './update-monitor.ts'

const tagsMax = 20

/** Changes common settings of several monitors: all or none. */
export async function changeMonitors(
  deps: UptimeDeps,
  principal: Principal,
  { monitorIds, isActive, addTags = [], removeTags = [] }: BulkChangeBody,
): Promise<number> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const found = await lockAll(tx, monitorIds)
    await lockMonitors(
      tx,
      found.map(({ id }) => id),
    )
    const after = found.map((before) => ({
      ...before,
      isActive: isActive ?? before.isActive,
      tags: toTags(before.tags, addTags, removeTags),
    }))
    const switched = found.filter((before) => isActive !== undefined && before.isActive !== isActive)
    if (isActive === true && switched.length > 0) await assertRoomForActiveMonitor(deps, tx, switched.length)
    await setCommonSettings(tx, after, now)
    if (switched.length > 0) await follow(deps, tx, switched, isActive === true ? 'resumed' : 'paused', now)
    const detail = { ...(isActive === undefined ? {} : { isActive }), addTags, removeTags }
    return {
      result: found.length,
      entry: mapAll(found, ({ id }) => ({ action: 'monitor.update', resourceId: id, detail, at: now })),
    }
  })
}

async function follow(
  deps: UptimeDeps,
  tx: AuditedTx,
  monitors: readonly Monitor[],
  kind: 'paused' | 'resumed',
  now: number,
): Promise<void> {
  const idsOf = (some: readonly Monitor[]): readonly string[] => some.map(({ id }) => id)
  const told = idsOf(monitors.filter(({ type }) => isTold(type)))
  const checked = monitors.filter(({ type }) => !isTold(type))
  if (kind === 'paused') {
    await setDeadlines(
      tx,
      told.map((monitorId) => ({ monitorId, deadlineMs: null })),
    )
    await deleteSchedules(tx, idsOf(checked))
  } else {
    if (told.length > 0) await watchHeartbeats(tx, told, now)
    await insertSchedules(tx, checked.map(toPace))
  }
  // Done once and last, because it appends to the audit chain, for which holders of other monitor locks may wait.
  await deps.engine.judgeEvent(tx, idsOf(monitors), { kind, atMs: now })
}

function toTags(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const left = [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag))
  if (left.length > tagsMax)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'addTags', message: `must leave at most ${tagsMax} tags on each monitor` }],
    })
  return left
}
