import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { EndBody } from '../contract/maintenance.ts'
import type { UptimeDeps } from '../deps.ts'
import { listOpenWindows, lockMaintenance, type StoredWindow } from '../store/maintenance-store.ts'
import { indexCoverage } from './coverage.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { leaveWindows } from './leave-windows.ts'
import { listScope, type MaintenanceScope, toWindowScope } from './maintenance-scope.ts'

/**
 * Ends maintenance for the scope, however it came under it; where there is none, nothing happens and nothing is wrong.
 * Without `notify` the end is told of windows whose beginning was. Replies how many monitors the scope holds.
 */
export async function endMaintenance(
  deps: UptimeDeps,
  principal: Principal,
  scope: MaintenanceScope,
  { notify }: EndBody,
): Promise<number> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await lockMaintenance(tx)
    const monitors = await listScope(tx, scope)
    const open = await listOpenWindows(tx, now)
    const left = await leaveWindows(tx, ownWindows(scope, open), scope, monitors, now)
    const before = indexCoverage(open, now)
    await followMaintenance(deps, tx, monitors, before, now)
    const told = left.find((window) => notify ?? window.notify)
    if (told !== undefined)
      await deps.notices.queueMaintenance(tx, {
        event: 'maintenance.ended',
        windowId: told.id,
        monitorIds: monitors.flatMap((monitor) => (before(monitor) === null ? [] : [monitor.monitorId])),
        untilMs: null,
        atMs: now,
      })
    const detail = { ...toWindowScope(scope, monitors), windows: left.map(({ id }) => id) }
    return { result: monitors.length, entry: { action: 'maintenance.end', detail, at: now } }
  })
}

/** Ending a page's maintenance leaves alone what was set for single monitors of it, or for everything. */
function ownWindows(scope: MaintenanceScope, windows: readonly StoredWindow[]): readonly StoredWindow[] {
  if (scope.kind !== 'service') return windows
  return windows.filter((window) => window.scope === 'service' && window.serviceId === scope.serviceId)
}
