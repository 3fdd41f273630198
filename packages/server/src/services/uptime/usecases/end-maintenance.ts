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
 * Ends maintenance for the scope, whichever window it is in; without maintenance, it does nothing and succeeds.
 * Without `notify`, the end is announced for windows whose beginning was. Returns the number of monitors in the
 * scope.
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

/** Ending a page's maintenance does not end windows of single monitors or of the whole organisation. */
function ownWindows(scope: MaintenanceScope, windows: readonly StoredWindow[]): readonly StoredWindow[] {
  if (scope.kind !== 'service') return windows
  return windows.filter((window) => window.scope === 'service' && window.serviceId === scope.serviceId)
}
