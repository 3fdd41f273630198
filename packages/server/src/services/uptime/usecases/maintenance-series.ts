import { type AuditedTx, decideAsSystem, mutate } from '@gatehouse/kernel/audit'
import type { TelemetryTx } from '@gatehouse/kernel/db'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { Principal } from '@gatehouse/kernel/principal'
import { toTime } from '../../../service/shapes.ts'
import {
  type NewWindowBody,
  planAheadJob,
  type WindowChangeBody,
  type WindowReply,
} from '../contract/maintenance-windows.ts'
import type { UptimeDeps } from '../deps.ts'
import { judgeSeries } from '../domain/maintenance.ts'
import { listOccurrences } from '../domain/occurrences.ts'
import { parseCron, parseRrule, type RecurrenceRule } from '../domain/recurrence-rule.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  deleteSeries,
  deleteTimesAhead,
  findSeries,
  insertSeries,
  listTimes,
  setSeries,
  type StoredSeries,
} from '../store/maintenance-series-store.ts'
import {
  insertWindow,
  listOpenWindows,
  lockMaintenance,
  setWindow,
  setWindowsEnded,
} from '../store/maintenance-store.ts'
import { indexCoverage } from './coverage.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { listScope, type MaintenanceScope, toWindowScope } from './maintenance-scope.ts'
import { announceMs, assertRoom, listCovered, planBeginning, raisePages, toAlways } from './plan-window.ts'
import { nameMonitors, toSeriesReply } from './to-window-reply.ts'

const dayMs = 86_400_000
const { occurrenceDays, ahead, yearsMax } = policy.recurrence
const farMs = yearsMax * 366 * dayMs

export async function createSeries(
  deps: UptimeDeps,
  principal: Principal,
  scope: MaintenanceScope,
  { startsAt, rrule, cron, durationMinutes = 0, timeZone = 'UTC', title, notify }: NewWindowBody,
): Promise<WindowReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await lockMaintenance(tx)
    const monitors = await listScope(tx, scope)
    await assertRoom(tx, monitors, now)
    const series: StoredSeries = {
      ...toWindowScope(scope, monitors),
      id: newId(now),
      title: title ?? null,
      startsAtMs: startsAt,
      rrule: rrule ?? null,
      cron: cron ?? null,
      durationMinutes,
      timeZone,
      notify: notify ?? false,
      plannedUntilMs: now,
      createdAtMs: now,
    }
    assertSeries(series, now)
    await insertSeries(tx, series)
    await planTimes(tx, series, now)
    await raisePages(tx, monitors)
    const { id, scope: kind, monitorIds, serviceId } = series
    const detail = { scope: kind, monitorIds, serviceId, ...toDetail(series) }
    return {
      result: toSeriesReply(
        tx.orgId,
        series,
        await listTimes(tx, id, now),
        await nameMonitors(tx, [series]),
        now,
      ),
      entry: { action: 'maintenance.plan', resourceId: id, detail, at: now },
    }
  })
}

/** A change of the recurrence plans all future occurrences anew, including cancelled ones. */
export async function updateSeries(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  { endsAt, autoResolve, startsAt, ...sent }: WindowChangeBody,
): Promise<WindowReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await lockMaintenance(tx)
    const before = await findSeries(tx, id)
    if (before === undefined) throw problems.NOT_FOUND({ detail: 'Maintenance window not found' })
    if (endsAt !== undefined) throw refuse('endsAt', 'must be durationMinutes where it recurs')
    if (autoResolve === false) throw refuse('autoResolve', 'must be true where it recurs')
    const rule = toRuleChange(sent)
    const after = { ...before, ...withoutGaps({ ...sent, startsAtMs: startsAt }), ...rule }
    const isMoved = (['startsAtMs', 'rrule', 'cron', 'durationMinutes', 'timeZone'] as const).some(
      (field) => before[field] !== after[field],
    )
    const monitors = await listCovered(tx, toAlways(after))
    if (isMoved) {
      assertSeries(after, now, before.startsAtMs)
      await cancelTimesAhead(deps, tx, after, now)
      await planTimes(tx, { ...after, plannedUntilMs: now }, now)
    } else {
      await setSeries(tx, after)
      const { title, notify } = after
      for (const time of await listTimes(tx, id, now)) {
        await setWindow(tx, { ...time, title, notify })
        if (time.startsAtMs > now) await planBeginning(tx, time.id, time.startsAtMs, now)
      }
    }
    await raisePages(tx, monitors)
    return {
      result: toSeriesReply(
        tx.orgId,
        after,
        await listTimes(tx, id, now),
        await nameMonitors(tx, [after]),
        now,
      ),
      entry: { action: 'maintenance.update', resourceId: id, detail: toDetail(after), at: now },
    }
  })
}

/** Cancels all future occurrences and ends the current one. */
export async function cancelSeries(
  deps: UptimeDeps,
  tx: AuditedTx,
  series: StoredSeries,
  now: number,
): Promise<void> {
  const { id } = series
  const monitors = await listCovered(tx, toAlways(series))
  const covered = indexCoverage(await listOpenWindows(tx, now), now)
  await cancelTimesAhead(deps, tx, series, now)
  const on = await listTimes(tx, id, now)
  await setWindowsEnded(
    tx,
    on.map((time) => time.id),
    now,
  )
  await deleteSeries(tx, id)
  await followMaintenance(deps, tx, monitors, covered, now)
  await raisePages(tx, monitors)
  const [told] = on
  if (told?.notify === true)
    await deps.notices.queueMaintenance(tx, {
      event: 'maintenance.ended',
      windowId: told.id,
      monitorIds: monitors.map(({ monitorId }) => monitorId),
      untilMs: null,
      atMs: now,
    })
}

/** Deletes occurrences that have not started; those who were told of one are told that it will not be. */
async function cancelTimesAhead(
  deps: UptimeDeps,
  tx: AuditedTx,
  series: StoredSeries,
  now: number,
): Promise<void> {
  const announced = (await listTimes(tx, series.id, now)).filter(
    ({ startsAtMs }) => startsAtMs > now && startsAtMs <= now + announceMs,
  )
  const monitorIds = (await listCovered(tx, toAlways(series))).map(({ monitorId }) => monitorId)
  for (const time of announced) await deps.notices.queueCancellation(tx, time, monitorIds)
  await deleteTimesAhead(tx, series.id, now)
}

/** Runs every night: plans occurrences that have come within the horizon. */
export async function planAhead(deps: UptimeDeps, orgId: string, seriesId: string): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'maintenance' }, async (read, decide) => {
    const now = deps.clock.now()
    const series = await findSeries(read, seriesId)
    if (series === undefined) return
    const known = (await listTimes(read, seriesId, now)).filter(({ startsAtMs }) => startsAtMs > now)
    const isNext = findStarts(series, now, known.length).length > 0
    // The last occurrences are planned already, or all are over.
    if (!isNext) return known.length === 0 ? undefined : planNight(read, seriesId, now)
    const detail = { until: toTime(now + occurrenceDays * dayMs) }
    const tx = await decide({ action: 'maintenance.plan_ahead', resourceId: seriesId, detail, at: now })
    await lockMaintenance(tx)
    await planTimes(tx, series, now, known.length)
    await raisePages(tx, await listCovered(tx, toAlways(series)))
  })
}

/** Creates windows for the occurrences within the horizon, and at least as many as are shown. */
async function planTimes(tx: AuditedTx, series: StoredSeries, now: number, known = 0): Promise<void> {
  const { id: seriesId, title, scope, monitorIds, serviceId, notify, durationMinutes } = series
  const starts = findStarts(series, now, known)
  const lasts = durationMinutes * 60_000
  for (const startsAtMs of starts) {
    const id = newId(now)
    const times = { startsAtMs, endsAtMs: startsAtMs + lasts }
    const window = { id, seriesId, title, scope, monitorIds, serviceId, notify, autoResolve: true, ...times }
    await insertWindow(tx, window, now)
    await planBeginning(tx, id, startsAtMs, now)
  }
  const plannedUntilMs = Math.max(series.plannedUntilMs, now + occurrenceDays * dayMs, starts.at(-1) ?? 0)
  await setSeries(tx, { ...series, plannedUntilMs })
  await planNight(tx, seriesId, now)
}

async function planNight(tx: TelemetryTx | AuditedTx, seriesId: string, now: number): Promise<void> {
  const key = `plan-maintenance-ahead:${seriesId}`
  await enqueue(tx, planAheadJob, { orgId: tx.orgId, seriesId }, { runAtMs: now + dayMs, key })
}

/** The start times of occurrences to plan: within the horizon or among the next ones, and not planned yet. */
function findStarts(series: StoredSeries, now: number, known: number): readonly number[] {
  const { startsAtMs, timeZone, plannedUntilMs } = series
  const recurrence = { rule: readRule(series), startsAtMs, timeZone }
  const horizonMs = now + occurrenceDays * dayMs
  const found: number[] = []
  for (const startMs of listOccurrences(recurrence, Math.max(plannedUntilMs, now) + 1, now + farMs)) {
    if (startMs > horizonMs && found.length + known >= ahead) break
    found.push(startMs)
    if (found.length > policy.recurrence.occurrencesAheadMax) break
  }
  return found
}

/** `begunAtMs`: an unchanged first occurrence, which may lie in the past. */
function assertSeries(series: StoredSeries, now: number, begunAtMs?: number): void {
  const startsAtMs = series.startsAtMs === begunAtMs ? now + 1 : series.startsAtMs
  const starts = findStarts({ ...series, plannedUntilMs: now }, now, 0)
  const verdict = judgeSeries({ ...series, startsAtMs }, starts, now, { ...policy, ...policy.recurrence })
  if (verdict.accepted) return
  throw refuse(verdict.field === 'rule' ? ruleField(series) : verdict.field, verdict.message)
}

export function readRule(series: Pick<StoredSeries, 'rrule' | 'cron'>): RecurrenceRule {
  const parsed = series.rrule === null ? parseCron(series.cron ?? '') : parseRrule(series.rrule)
  if (!parsed.accepted) throw refuse(ruleField(series), parsed.message)
  return parsed.rule
}

function ruleField({ rrule }: Pick<StoredSeries, 'rrule'>): 'rrule' | 'cron' {
  return rrule === null ? 'cron' : 'rrule'
}

/** Setting one kind of rule clears the other. */
function toRuleChange({ rrule, cron }: WindowChangeBody): Partial<Pick<StoredSeries, 'rrule' | 'cron'>> {
  if (rrule !== undefined) return { rrule, cron: null }
  return cron === undefined ? {} : { rrule: null, cron }
}

function refuse(field: string, message: string) {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}

function toDetail({ title, startsAtMs, rrule, cron, durationMinutes, timeZone, notify }: StoredSeries) {
  return { title, from: toTime(startsAtMs), rrule, cron, durationMinutes, timeZone, notify }
}
