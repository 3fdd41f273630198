import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { keepPublicFaces } from '../store/layout-store.ts'
import { deleteMonitor } from '../store/monitor-store.ts'
import { deleteIntervals } from '../store/state-store.ts'
import { lockAll, mapAll } from './lock-all.ts'

/** Deletes these monitors: all or none. Their open incidents are resolved; incidents are kept. */
export async function deleteMonitors(
  deps: UptimeDeps,
  principal: Principal,
  ids: readonly string[],
): Promise<number> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const found = await lockAll(tx, ids)
    await deps.engine.judgeEvent(
      tx,
      found.map(({ id }) => id),
      { kind: 'deleted', atMs: now },
    )
    for (const page of new Set(found.map(({ serviceId }) => serviceId).toSorted()))
      await raisePageVersion(tx, page)
    await keepPublicFaces(
      tx,
      found.map(({ id }) => id),
    )
    for (const { id } of found) {
      await deleteIntervals(tx, id)
      await deleteMonitor(tx, id)
    }
    return {
      result: found.length,
      entry: mapAll(found, ({ id, name, type }) => ({
        action: 'monitor.delete',
        resourceId: id,
        detail: { name, type },
        at: now,
      })),
    }
  })
}
