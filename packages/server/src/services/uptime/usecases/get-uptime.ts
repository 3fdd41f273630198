import { within } from '@gatehouse/kernel/db'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeQuery, UptimeReply } from '../contract/monitors.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { lastDays } from '../domain/days.ts'
import { cutToVouched, type Interval } from '../domain/timeline.ts'
import { strictUptimeRatio, sumStates, uptimeRatio } from '../domain/uptime.ts'
import { problems } from '../problems.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { listIntervals } from '../store/state-store.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000
const daysDefault = 30
const daysMax = 400
/** Hourly buckets are for short spans; a longer table would not be read. */
const hourlyDaysMax = 31

type Span = { readonly fromMs: number; readonly toMs: number }

/** Computed from the timeline at the time of the call, so exact for any span and zone. */
export async function getUptime(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  principal: Principal,
  monitorId: string,
  query: UptimeQuery,
): Promise<UptimeReply> {
  const now = deps.clock.now()
  const span = toSpan(query, now)
  const intervals = await within(deps, principal, async (tx) => {
    const monitor = await findMonitor(tx, monitorId)
    if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    const { vouchedUntilMs } = monitor
    const stored = await listIntervals(tx, monitorId, span.fromMs, span.toMs)
    return vouchedUntilMs !== null && vouchedUntilMs < now ? cutToVouched(stored, vouchedUntilMs) : stored
  })
  return {
    ...toFigures(intervals, span),
    ...(query.bucket === undefined
      ? { intervals: intervals.map(toIntervalReply) }
      : {
          buckets: cutBuckets(span, query.bucket, query.timeZone ?? 'UTC').map((part) =>
            toFigures(intervals, part),
          ),
        }),
  }
}

function toSpan({ from, to, bucket }: UptimeQuery, now: number): Span {
  const toMs = Math.min(to ?? now, now)
  const fromMs = from ?? toMs - daysDefault * dayMs
  const longest = bucket === 'hour' ? hourlyDaysMax : daysMax
  if (fromMs >= toMs) throw refuse({ field: 'from', message: 'must lie before to, and in the past' })
  if (toMs - fromMs > longest * dayMs)
    throw refuse({ field: 'from', message: `must be at most ${longest} days before to` })
  return { fromMs, toMs }
}

/** Whole hours in UTC or whole days in the zone; the first and the last are cut to the span. */
function cutBuckets({ fromMs, toMs }: Span, bucket: 'hour' | 'day', timeZone: string): readonly Span[] {
  const whole = bucket === 'hour' ? listHours(fromMs, toMs) : listDays(fromMs, toMs, timeZone)
  return whole
    .filter((part) => part.toMs > fromMs && part.fromMs < toMs)
    .map((part) => ({ fromMs: Math.max(part.fromMs, fromMs), toMs: Math.min(part.toMs, toMs) }))
}

function listHours(fromMs: number, toMs: number): readonly Span[] {
  const first = Math.floor(fromMs / hourMs)
  const count = Math.ceil(toMs / hourMs) - first
  return Array.from({ length: count }, (_, index) => ({
    fromMs: (first + index) * hourMs,
    toMs: (first + index + 1) * hourMs,
  }))
}

function listDays(fromMs: number, toMs: number, timeZone: string): readonly Span[] {
  // Two more than the quotient: a span that starts and ends inside days touches one more, and a day can have 23 hours.
  return lastDays(toMs - 1, Math.ceil((toMs - fromMs) / dayMs) + 2, timeZone)
}

function toFigures(intervals: readonly Interval[], { fromMs, toMs }: Span) {
  const totals = sumStates(intervals, fromMs, toMs)
  return {
    from: toTime(fromMs),
    to: toTime(toMs),
    uptime: uptimeRatio(totals),
    strictUptime: strictUptimeRatio(totals),
    totals,
  }
}

function toIntervalReply({ fromMs, toMs, state, blipMs, incidentId }: Interval) {
  return { from: toTime(fromMs), to: toTimeOrNull(toMs), state, blipMs, incidentId }
}

function refuse(fault: FieldFault): Error {
  return problems.VALIDATION_ERROR({ fields: [fault] })
}
