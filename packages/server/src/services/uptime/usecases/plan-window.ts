import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import { enqueue } from '@gatehouse/kernel/jobs'
import {
  announceMaintenanceJob,
  beginMaintenanceJob,
  endMaintenanceJob,
} from '../contract/maintenance-windows.ts'
import { type Covered, isOver, type MaintenanceWindow, windowState } from '../domain/maintenance.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { listSeries, type StoredSeries } from '../store/maintenance-series-store.ts'
import { listWindows, type NamedWindow } from '../store/maintenance-store.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'
import { isTold } from '../store/subscriber-notice-store.ts'

/** How long before its beginning maintenance is announced. */
export const announceMs = policy.subscription.announceHours * 3_600_000

/** Plans the beginning of a window, and when it is announced: a day before or, to those who know another time, at once. */
export async function planBeginning(
  tx: AuditedTx,
  windowId: string,
  startsAtMs: number,
  nowMs: number,
): Promise<void> {
  const payload = { orgId: tx.orgId, windowId }
  const key = `begin-maintenance:${windowId}`
  await enqueue(tx, beginMaintenanceJob, payload, { runAtMs: startsAtMs, key })
  const isKnown = await isTold(tx, windowId)
  const runAtMs = isKnown ? nowMs : Math.max(nowMs, startsAtMs - announceMs)
  await enqueue(tx, announceMaintenanceJob, payload, { runAtMs, key: `announce-maintenance:${windowId}` })
}

/** Plans the notice of its end, which is due only if the window ends by itself and its end is to be told. */
export async function planEnd(
  tx: AuditedTx,
  { id, endsAtMs, autoResolve, notify }: Pick<NamedWindow, 'id' | 'endsAtMs' | 'autoResolve' | 'notify'>,
): Promise<void> {
  if (!autoResolve || !notify) return
  const key = `end-maintenance:${id}`
  await enqueue(tx, endMaintenanceJob, { orgId: tx.orgId, windowId: id }, { runAtMs: endsAtMs, key })
}

export async function listCovered(tx: TenantTx, window: MaintenanceWindow): Promise<readonly Covered[]> {
  return (await listMonitorPlaces(tx)).filter((monitor) => isOver(window, monitor))
}

/** More windows than this for one monitor come from a faulty program. Recurring maintenance counts once. */
export async function assertRoom(tx: AuditedTx, monitors: readonly Covered[], now: number): Promise<void> {
  const single = (await listWindows(tx, now, now)).filter(
    (window) => window.seriesId === null && windowState(window, now) !== 'over',
  )
  const living = [...single, ...(await listSeries(tx)).map(toAlways)]
  const { windowsPerMonitorMax } = policy
  if (
    monitors.some(
      (monitor) => living.filter((window) => isOver(window, monitor)).length >= windowsPerMonitorMax,
    )
  )
    throw problems.INVALID_STATE({
      detail: `A monitor has at most ${windowsPerMonitorMax} maintenance windows ahead`,
    })
}

export async function raisePages(tx: AuditedTx, monitors: readonly Covered[]): Promise<void> {
  for (const page of [...new Set(monitors.map(({ serviceId }) => serviceId))].toSorted())
    await raisePageVersion(tx, page)
}

/** Recurring maintenance as one window without end, for finding which monitors it covers. */
export function toAlways(series: StoredSeries): MaintenanceWindow {
  const { id, scope, monitorIds, serviceId, startsAtMs } = series
  const place = { id, scope, monitorIds, serviceId, excludedMonitorIds: [] }
  return { ...place, startsAtMs, endsAtMs: startsAtMs, autoResolve: false, endedAtMs: null }
}
