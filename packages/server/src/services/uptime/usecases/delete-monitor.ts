import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { deleteMonitor as deleteStored, lockMonitor } from '../store/monitor-store.ts'
import { deleteIntervals } from '../store/state-store.ts'

export async function deleteMonitor(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const monitor = await lockMonitor(tx, id)
    if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    await deps.engine.judgeEvent(tx, [id], { kind: 'deleted', atMs: now })
    await raisePageVersion(tx, monitor.serviceId)
    await deleteIntervals(tx, id)
    await deleteStored(tx, id)
    const { name, type } = monitor
    return {
      result: undefined,
      entry: { action: 'monitor.delete', resourceId: id, detail: { name, type }, at: now },
    }
  })
}
