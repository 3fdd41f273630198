import { type AuditedTx, decideAsSystem, mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TenantTx, within } from '@gatehouse/kernel/db'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { NewWindowBody, WindowChangeBody, WindowReply } from '../contract/maintenance-windows.ts'
import { toTime } from '../../../service/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { type Covered, judgeWindow, windowState } from '../domain/maintenance.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findSeries, listSeries } from '../store/maintenance-series-store.ts'
import {
  deleteWindow,
  findWindow,
  insertWindow,
  listOpenWindows,
  listPlannedWindows,
  listWindows,
  lockMaintenance,
  type NamedWindow,
  setWindow,
  setWindowsEnded,
} from '../store/maintenance-store.ts'
import { isTold } from '../store/subscriber-notice-store.ts'
import { indexCoverage } from './coverage.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { listScope, type MaintenanceScope, toWindowScope } from './maintenance-scope.ts'
import { cancelSeries, createSeries, updateSeries } from './maintenance-series.ts'
import { announceMs, assertRoom, listCovered, planBeginning, planEnd, raisePages } from './plan-window.ts'
import { nameMonitors, toSeriesReply, toWindowReply } from './to-window-reply.ts'

const shownDays = 90
const dayMs = 86_400_000
/** A job may run early by as much as the clocks of two machines differ. */
const clockToleranceMs = policy.clockToleranceSeconds * 1000

export async function listMaintenanceWindows(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  principal: Principal,
): Promise<WindowReply[]> {
  return within(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const windows = await listWindows(tx, now - shownDays * dayMs, now)
    const times = Map.groupBy(
      await listPlannedWindows(tx, now, policy.recurrence.ahead),
      ({ seriesId }) => seriesId,
    )
    const on = Map.groupBy(
      windows.filter((window) => windowState(window, now) === 'active'),
      ({ seriesId }) => seriesId,
    )
    const series = await listSeries(tx)
    const names = await nameMonitors(tx, [...series, ...windows])
    return [
      ...series.map((each) => {
        const own = [...(on.get(each.id) ?? []), ...(times.get(each.id) ?? [])]
        return toSeriesReply(tx.orgId, each, own, names, now)
      }),
      ...windows.map((window) => toWindowReply(tx.orgId, window, names, now)),
    ]
  })
}

export async function createMaintenanceWindow(
  deps: UptimeDeps,
  principal: Principal,
  body: NewWindowBody,
): Promise<WindowReply> {
  const { scope: kind, monitorIds = [], serviceId = '', startsAt, endsAt, title, autoResolve, notify } = body
  const scope: MaintenanceScope =
    kind === 'all' ? { kind } : kind === 'service' ? { kind, serviceId } : { kind, monitorIds }
  if (endsAt === undefined) return createSeries(deps, principal, scope, body)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const manner = { title: title ?? null, autoResolve: autoResolve ?? true, notify: notify ?? false }
    assertTimes({ startsAtMs: startsAt, endsAtMs: endsAt, autoResolve: manner.autoResolve }, now)
    await lockMaintenance(tx)
    const monitors = await listScope(tx, scope)
    await assertRoom(tx, monitors, now)
    const id = newId(now)
    const place = toWindowScope(scope, monitors)
    await insertWindow(tx, { ...manner, ...place, id, startsAtMs: startsAt, endsAtMs: endsAt }, now)
    await planBeginning(tx, id, startsAt, now)
    await raisePages(tx, monitors)
    const detail = { ...place, from: toTime(startsAt), until: toTime(endsAt), ...manner }
    return {
      result: await readWindow(tx, id, now),
      entry: { action: 'maintenance.plan', resourceId: id, detail, at: now },
    }
  })
}

export async function updateMaintenanceWindow(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  change: WindowChangeBody,
): Promise<WindowReply> {
  if (await within(deps, principal, async (tx) => (await findSeries(tx, id)) !== undefined))
    return updateSeries(deps, principal, id, change)
  const { startsAt, endsAt, rrule, cron, durationMinutes, timeZone, ...sent } = change
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const recurring = Object.entries({ rrule, cron, durationMinutes, timeZone }).find(([, value]) => value)
    if (recurring !== undefined)
      throw problems.VALIDATION_ERROR({
        fields: [{ field: recurring[0], message: 'must be left out: this maintenance does not recur' }],
      })
    await lockMaintenance(tx)
    const before = await findLiving(tx, id, now)
    const isPlanned = windowState(before, now) === 'planned'
    if (startsAt !== undefined && !isPlanned)
      throw problems.INVALID_STATE({ detail: 'The maintenance has begun' })
    const times = withoutGaps({ startsAtMs: startsAt, endsAtMs: endsAt })
    const after = { ...before, ...withoutGaps(sent), ...times }
    assertTimes(after, now, isPlanned)
    const covered = indexCoverage(await listOpenWindows(tx, now), now)
    await setWindow(tx, after)
    const monitors = await listCovered(tx, after)
    if (isPlanned) await planBeginning(tx, id, after.startsAtMs, now)
    else {
      await followMaintenance(deps, tx, monitors, covered, now)
      await planEnd(tx, after)
    }
    await raisePages(tx, monitors)
    const detail = { ...withoutGaps(sent), from: toTime(after.startsAtMs), until: toTime(after.endsAtMs) }
    return {
      result: await readWindow(tx, id, now),
      entry: { action: 'maintenance.update', resourceId: id, detail, at: now },
    }
  })
}

/** Deletes a planned window, which leaves only an audit entry; ends an active one; cancels a recurring one. */
export async function deleteMaintenanceWindow(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await lockMaintenance(tx)
    const entry = { resourceId: id, at: now }
    const series = await findSeries(tx, id)
    if (series !== undefined) {
      await cancelSeries(deps, tx, series, now)
      return { result: undefined, entry: { ...entry, action: 'maintenance.cancel' } }
    }
    const window = await findLiving(tx, id, now)
    const monitors = await listCovered(tx, window)
    await raisePages(tx, monitors)
    if (windowState(window, now) === 'planned') {
      await deps.notices.queueCancellation(
        tx,
        window,
        monitors.map(({ monitorId }) => monitorId),
      )
      await deleteWindow(tx, id)
      return { result: undefined, entry: { ...entry, action: 'maintenance.cancel' } }
    }
    const covered = indexCoverage(await listOpenWindows(tx, now), now)
    await setWindowsEnded(tx, [id], now)
    await followMaintenance(deps, tx, monitors, covered, now)
    if (window.notify) await tell(deps, tx, window, monitors, 'maintenance.ended', now)
    return { result: undefined, entry: { ...entry, action: 'maintenance.end' } }
  })
}

/** Announces a planned window to subscribers. A job that runs again, or too early, announces nothing. */
export async function announceMaintenance(deps: UptimeDeps, orgId: string, windowId: string): Promise<void> {
  await recordTelemetry(deps, { kind: 'system', orgId, because: 'maintenance' }, async (tx) => {
    const now = deps.clock.now()
    const window = await findWindow(tx, windowId)
    if (window?.notify !== true || windowState(window, now) !== 'planned') return
    // Postponed meanwhile: then another job comes, unless somebody has to learn of that now.
    const isDue = window.startsAtMs - announceMs <= now + clockToleranceMs
    if (!isDue && !(await isTold(tx, windowId))) return
    const monitors = await listCovered(tx, window)
    await deps.notices.queueAnnouncement(
      tx,
      window,
      monitors.map(({ monitorId }) => monitorId),
    )
  })
}

/** Starts a planned window. The system acts, but a person decided it. */
export async function beginMaintenance(deps: UptimeDeps, orgId: string, windowId: string): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'maintenance' }, async (read, decide) => {
    const window = await findWindow(read, windowId)
    const now = Math.max(deps.clock.now(), window?.startsAtMs ?? 0)
    // The window was cancelled or postponed in the meantime; a postponed one has another job.
    if (window === undefined || windowState(window, now) !== 'active') return
    if (window.startsAtMs > deps.clock.now() + clockToleranceMs) return
    const tx = await decide({ action: 'maintenance.start', resourceId: windowId, at: now })
    await lockMaintenance(tx)
    const monitors = await listCovered(tx, window)
    const others = (await listOpenWindows(tx, now)).filter(({ id }) => id !== windowId)
    await followMaintenance(deps, tx, monitors, indexCoverage(others, now), now)
    await raisePages(tx, monitors)
    if (window.notify) await tell(deps, tx, window, monitors, 'maintenance.started', now)
    await planEnd(tx, window)
  })
}

/** A window has ended by itself: those who were told of its beginning are told of its end. */
export async function tellEnd(deps: UptimeDeps, orgId: string, windowId: string): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'maintenance' }, async (read, decide) => {
    const window = await findWindow(read, windowId)
    if (window === undefined || window.endedAtMs !== null || !window.autoResolve || !window.notify) return
    // Made longer meanwhile: then another job comes.
    if (window.endsAtMs > deps.clock.now() + clockToleranceMs) return
    const at = window.endsAtMs
    const tx = await decide({ action: 'maintenance.end', resourceId: windowId, at })
    // A job that runs again finds it ended.
    await setWindowsEnded(tx, [windowId], at)
    const monitors = await listCovered(tx, window)
    await tell(deps, tx, window, monitors, 'maintenance.ended', at)
  })
}

async function findLiving(tx: AuditedTx, id: string, now: number): Promise<NamedWindow> {
  const window = await findWindow(tx, id)
  if (window === undefined) throw problems.NOT_FOUND({ detail: 'Maintenance window not found' })
  if (windowState(window, now) === 'over') throw problems.INVALID_STATE({ detail: 'The maintenance is over' })
  return window
}

async function readWindow(tx: TenantTx, id: string, now: number): Promise<WindowReply> {
  const window = await findWindow(tx, id)
  if (window === undefined) throw new Error(`The window ${id} was just written`)
  return toWindowReply(tx.orgId, window, await nameMonitors(tx, [window]), now)
}

function assertTimes(
  times: { readonly startsAtMs: number; readonly endsAtMs: number; readonly autoResolve: boolean },
  now: number,
  isPlanned = true,
): void {
  const verdict = judgeWindow(times, now, isPlanned, policy)
  if (!verdict.accepted)
    throw problems.VALIDATION_ERROR({ fields: [{ field: verdict.field, message: verdict.message }] })
}

async function tell(
  deps: UptimeDeps,
  tx: AuditedTx,
  { id, endsAtMs, autoResolve }: NamedWindow,
  monitors: readonly Covered[],
  event: 'maintenance.started' | 'maintenance.ended',
  atMs: number,
): Promise<void> {
  await deps.notices.queueMaintenance(tx, {
    event,
    windowId: id,
    monitorIds: monitors.map(({ monitorId }) => monitorId),
    untilMs: event === 'maintenance.started' && autoResolve ? endsAtMs : null,
    atMs,
  })
}
