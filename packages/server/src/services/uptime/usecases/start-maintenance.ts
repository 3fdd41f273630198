import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { StartBody, StartForPeopleBody } from '../contract/maintenance.ts'
import { toTime } from '../../../service/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { judgeMaintenanceEnd } from '../domain/maintenance.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertWindow, listOpenWindows, lockMaintenance } from '../store/maintenance-store.ts'
import { indexCoverage } from './coverage.ts'
import { leaveWindows } from './leave-windows.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { planEnd } from './plan-window.ts'
import { listScope, type MaintenanceScope, toWindowScope } from './maintenance-scope.ts'

/**
 * Starts maintenance for the scope, replacing what an earlier call of the same kind had set, so that the last given
 * end applies. Returns the number of monitors.
 */
export async function startMaintenance(
  deps: UptimeDeps,
  principal: Principal,
  scope: MaintenanceScope,
  { maintenanceUntil, ...sent }: StartBody,
): Promise<number> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const manner = { autoResolve: true, notify: false, ...withoutGaps(sent) }
    const { autoResolve, notify } = manner
    assertEnd(maintenanceUntil, autoResolve, now)
    await lockMaintenance(tx)
    const monitors = await listScope(tx, scope)
    const open = await listOpenWindows(tx, now)
    await leaveWindows(tx, sameKind(scope, open), scope, monitors, now)
    const id = newId(now)
    const place = toWindowScope(scope, monitors)
    await insertWindow(tx, { ...manner, id, ...place, startsAtMs: now, endsAtMs: maintenanceUntil }, now)
    await followMaintenance(deps, tx, monitors, indexCoverage(open, now), now)
    if (notify)
      await deps.notices.queueMaintenance(tx, {
        event: 'maintenance.started',
        windowId: id,
        monitorIds: monitors.map(({ monitorId }) => monitorId),
        untilMs: autoResolve ? maintenanceUntil : null,
        atMs: now,
      })
    await planEnd(tx, { id, endsAtMs: maintenanceUntil, autoResolve, notify })
    const detail = { ...place, until: toTime(maintenanceUntil), autoResolve, notify }
    return {
      result: monitors.length,
      entry: { action: 'maintenance.start', resourceId: id, detail, at: now },
    }
  })
}

/** A duration starts when the call is handled. */
export function toStartBody({ clock }: Pick<UptimeDeps, 'clock'>, body: StartForPeopleBody): StartBody {
  const { durationSeconds = 0, maintenanceUntil, ...manner } = body
  return { ...manner, maintenanceUntil: maintenanceUntil ?? clock.now() + durationSeconds * 1000 }
}

function assertEnd(untilMs: number, autoResolve: boolean, now: number): void {
  const verdict = judgeMaintenanceEnd(untilMs, autoResolve, now, policy.maintenanceSecondsMax)
  if (verdict.accepted) return
  const { field, message } = verdict
  throw problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}

function sameKind<W extends { readonly scope: string; readonly serviceId: string | null }>(
  scope: MaintenanceScope,
  windows: readonly W[],
): readonly W[] {
  switch (scope.kind) {
    case 'all':
      return windows.filter((window) => window.scope === 'all')
    case 'service':
      return windows.filter((window) => window.scope === 'service' && window.serviceId === scope.serviceId)
    case 'monitors':
    case 'monitor_of_service':
      return windows.filter((window) => window.scope === 'monitors')
  }
}
