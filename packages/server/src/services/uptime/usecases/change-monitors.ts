import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { BulkChangeBody } from '../contract/monitors.ts'
import type { UptimeDeps } from '../deps.ts'
import { isTold } from '../monitor-types/watch.ts'
import { problems } from '../problems.ts'
import { lockMonitors } from '../store/judge-store.ts'
import { setMonitorSettings } from '../store/monitor-store.ts'
import { lockAll, mapAll } from './lock-all.ts'
import { assertRoomForActiveMonitor } from './plan-limits.ts'
import { followDeadline, followSchedule } from './update-monitor.ts'

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
    const changed: string[] = []
    const resumed = isActive === true ? found.filter((before) => !before.isActive).length : 0
    if (resumed > 0) await assertRoomForActiveMonitor(deps, tx, resumed)
    for (const before of found) {
      const after = {
        ...before,
        isActive: isActive ?? before.isActive,
        tags: toTags(before.tags, addTags, removeTags),
      }
      await setMonitorSettings(tx, before.id, after, now)
      if (before.isActive === after.isActive) continue
      changed.push(before.id)
      if (isTold(before.type)) await followDeadline(tx, before, after, now)
      else await followSchedule(tx, before, after)
    }
    // Done once and last, because it appends to the audit chain, for which holders of other monitor locks may wait.
    if (changed.length > 0)
      await deps.engine.judgeEvent(tx, changed, { kind: isActive === true ? 'resumed' : 'paused', atMs: now })
    const detail = { ...(isActive === undefined ? {} : { isActive }), addTags, removeTags }
    return {
      result: found.length,
      entry: mapAll(found, ({ id }) => ({ action: 'monitor.update', resourceId: id, detail, at: now })),
    }
  })
}

function toTags(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const left = [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag))
  if (left.length > tagsMax)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'addTags', message: `must leave at most ${tagsMax} tags on each monitor` }],
    })
  return left
}
