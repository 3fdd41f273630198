import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { Covered } from '../domain/maintenance.ts'
import { setMonitorsExcluded, setWindowsEnded, type StoredWindow } from '../store/maintenance-store.ts'
import type { MaintenanceScope } from './maintenance-scope.ts'

/**
 * Removes the scope's monitors from the windows. A window ends if the scope covers all of it or nothing remains in
 * it; otherwise it continues for the others. Returns the windows that any of them were in.
 */
export async function leaveWindows(
  tx: AuditedTx,
  windows: readonly StoredWindow[],
  scope: MaintenanceScope,
  monitors: readonly Covered[],
  nowMs: number,
): Promise<readonly StoredWindow[]> {
  const ids = new Set(monitors.map(({ monitorId }) => monitorId))
  const isWhole = (window: StoredWindow): boolean => isAsWide(scope, window) || isEmptyWithout(window, ids)
  const concerned = windows.filter(
    (window) => isWhole(window) || monitors.some((monitor) => isIn(window, monitor)),
  )
  const ended = concerned.filter(isWhole)
  const left = concerned.filter((window) => !isWhole(window))
  if (ended.length > 0) await setWindowsEnded(tx, toIds(ended), nowMs)
  if (left.length > 0) await setMonitorsExcluded(tx, toIds(left), [...ids])
  return concerned
}

function isAsWide(scope: MaintenanceScope, window: StoredWindow): boolean {
  if (scope.kind === 'all') return true
  return scope.kind === 'service' && window.scope === 'service' && window.serviceId === scope.serviceId
}

function isEmptyWithout(
  { scope, monitorIds, excludedMonitorIds }: StoredWindow,
  ids: ReadonlySet<string>,
): boolean {
  return scope === 'monitors' && monitorIds.every((id) => ids.has(id) || excludedMonitorIds.includes(id))
}

function isIn({ scope, monitorIds, excludedMonitorIds, serviceId }: StoredWindow, monitor: Covered): boolean {
  if (excludedMonitorIds.includes(monitor.monitorId)) return false
  if (scope === 'monitors') return monitorIds.includes(monitor.monitorId)
  return scope === 'all' || serviceId === monitor.serviceId
}

function toIds(windows: readonly StoredWindow[]): readonly string[] {
  return windows.map(({ id }) => id)
}
