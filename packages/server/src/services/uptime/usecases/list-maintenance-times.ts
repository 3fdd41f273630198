import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { MaintenanceTimeReply } from '../contract/maintenance-windows.ts'
import type { UptimeDeps } from '../deps.ts'
import { windowState } from '../domain/maintenance.ts'
import { listOccurrences } from '../domain/occurrences.ts'
import { uptimePolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listSeries, type StoredSeries } from '../store/maintenance-series-store.ts'
import { listWindowsBetween, type NamedWindow } from '../store/maintenance-store.ts'
import { readRule } from './maintenance-series.ts'

const { daysDefault, daysMax, timesMax } = uptimePolicy.maintenanceTimes
const dayMs = 86_400_000

/** When there is maintenance from `from` to `to`, earliest first, each time of recurring maintenance by itself. */
export async function listMaintenanceTimes(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  principal: Principal,
  given: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<MaintenanceTimeReply[]> {
  const now = deps.clock.now()
  const { from = now, to = from + daysDefault * dayMs } = given
  assertPeriod(from, to)
  return within(deps, principal, async (tx) => {
    const windows = await listWindowsBetween(tx, from, to, timesMax)
    const later = (await listSeries(tx)).flatMap((series) => listLater(series, from, to))
    return [...windows.map((window) => toTimeReply(window, now)), ...later]
      .toSorted((one, other) => (one.startsAt < other.startsAt ? -1 : one.startsAt > other.startsAt ? 1 : 0))
      .slice(0, timesMax)
  })
}

function assertPeriod(from: number, to: number): void {
  if (to > from && to - from <= daysMax * dayMs) return
  const message = to > from ? `must be at most ${daysMax} days after from` : 'must lie after from'
  throw problems.VALIDATION_ERROR({ fields: [{ field: 'to', message }] })
}

function toTimeReply(window: NamedWindow, now: number): MaintenanceTimeReply {
  const { id, seriesId, title, startsAtMs, endsAtMs, endedAtMs, autoResolve } = window
  return {
    windowId: id,
    seriesId,
    title,
    state: windowState(window, now),
    startsAt: toTime(startsAtMs),
    endsAt: toTimeOrNull(endedAtMs ?? (autoResolve ? endsAtMs : null)),
  }
}

/** Times that are not planned yet: what is planned before them are windows, but for those that somebody has skipped. */
function listLater(series: StoredSeries, fromMs: number, toMs: number): readonly MaintenanceTimeReply[] {
  const { id, title, startsAtMs, timeZone, durationMinutes, plannedUntilMs } = series
  const lastsMs = durationMinutes * 60_000
  const recurrence = { rule: readRule(series), startsAtMs, timeZone }
  const starts = listOccurrences(recurrence, Math.max(plannedUntilMs + 1, fromMs - lastsMs + 1), toMs - 1)
  return [...starts.take(timesMax)].map((startMs) => ({
    windowId: null,
    seriesId: id,
    title,
    state: 'planned',
    startsAt: toTime(startMs),
    endsAt: toTime(startMs + lastsMs),
  }))
}
