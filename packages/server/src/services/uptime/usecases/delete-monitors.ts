import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { keepPublicFaces } from '../store/layout-store.ts'
import { deleteMonitors as deleteStored } from '../store/monitor-store.ts'
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
    const all = found.map(({ id }) => id)
    await deps.engine.judgeEvent(tx, all, { kind: 'deleted', atMs: now })
    for (const page of new Set(found.map(({ serviceId }) => serviceId).toSorted()))
      await raisePageVersion(tx, page)
    await keepPublicFaces(tx, all)
    await deleteIntervals(tx, all)
    await deleteStored(tx, all)
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
