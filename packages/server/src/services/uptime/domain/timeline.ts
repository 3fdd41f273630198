import type { TimelineEdit } from './effects.ts'
import type { TimelineState } from './monitor.ts'

/** One stretch of the timeline, half-open; `toMs` null while it lasts. */
export type Interval = {
  readonly fromMs: number
  readonly toMs: number | null
  readonly state: TimelineState
  /** Unconfirmed failures inside it. */
  readonly blipMs: number
  readonly incidentId: string | null
}

export type Blip = { readonly fromMs: number; readonly toMs: number }

/**
 * Applies edits to the end of a timeline: from its moment on, each replaces all that was said before. Intervals come
 * and go in order, contiguous, the last one open; equal neighbours are joined.
 */
export function applyEdits(
  intervals: readonly Interval[],
  edits: readonly (TimelineEdit & { readonly incidentId: string | null })[],
): readonly Interval[] {
  let timeline = intervals
  for (const { fromMs, state, incidentId } of edits) {
    const kept = timeline
      .filter((interval) => interval.fromMs < fromMs)
      .map((interval) => (interval.toMs === null || interval.toMs > fromMs ? { ...interval, toMs: fromMs } : interval))
    timeline = join([...kept, { fromMs, toMs: null, state, blipMs: 0, incidentId }])
  }
  return timeline
}

/** Counts failures that were not confirmed inside the stretches of good time that they lie in. */
export function addBlip(intervals: readonly Interval[], blip: Blip): readonly Interval[] {
  return intervals.map((interval) => {
    if (interval.state !== 'up' && interval.state !== 'degraded') return interval
    const ms = overlapMs(interval, blip.fromMs, blip.toMs)
    return ms === 0 ? interval : { ...interval, blipMs: interval.blipMs + ms }
  })
}

function join(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = []
  for (const interval of intervals) {
    const last = joined.at(-1)
    if (last !== undefined && last.state === interval.state && last.incidentId === interval.incidentId)
      joined[joined.length - 1] = { ...last, toMs: interval.toMs, blipMs: last.blipMs + interval.blipMs }
    else joined.push(interval)
  }
  return joined
}

export type Totals = {
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly maintenanceMs: number
  readonly pausedMs: number
  readonly unknownMs: number
  /** Inside `upMs` and `degradedMs`. */
  readonly blipMs: number
}

const noTotals: Totals = {
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
  maintenanceMs: 0,
  pausedMs: 0,
  unknownMs: 0,
  blipMs: 0,
}

/** Milliseconds of each state inside `[fromMs, toMs)`; an open interval reaches to `toMs`. */
export function sumStates(intervals: readonly Interval[], fromMs: number, toMs: number): Totals {
  const totals = { ...noTotals }
  for (const interval of intervals) {
    const ms = overlapMs(interval, fromMs, toMs)
    if (ms === 0) continue
    totals[`${interval.state}Ms`] += ms
    // A blip's own moments are not kept, so a window that cuts its interval gets its share of it.
    const lengthMs = (interval.toMs ?? Math.max(toMs, interval.fromMs)) - interval.fromMs
    totals.blipMs += lengthMs > 0 ? Math.round((interval.blipMs * ms) / lengthMs) : 0
  }
  return totals
}

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    upMs: a.upMs + b.upMs,
    degradedMs: a.degradedMs + b.degradedMs,
    downMs: a.downMs + b.downMs,
    maintenanceMs: a.maintenanceMs + b.maintenanceMs,
    pausedMs: a.pausedMs + b.pausedMs,
    unknownMs: a.unknownMs + b.unknownMs,
    blipMs: a.blipMs + b.blipMs,
  }
}

/** `(up + degraded) / (up + degraded + down)`, or null with nothing observed: no data is never 100 %. */
export function uptimeRatio({ upMs, degradedMs, downMs }: Totals): number | null {
  const observedMs = upMs + degradedMs + downMs
  return observedMs === 0 ? null : (upMs + degradedMs) / observedMs
}

/** The same with unconfirmed failures counted as down. */
export function strictUptimeRatio({ upMs, degradedMs, downMs, blipMs }: Totals): number | null {
  const observedMs = upMs + degradedMs + downMs
  return observedMs === 0 ? null : Math.max(0, upMs + degradedMs - blipMs) / observedMs
}

/** As people read it: rounded down to two decimals, and `100` only without a single millisecond of downtime. */
export function formatUptime(totals: Totals): string | null {
  const ratio = uptimeRatio(totals)
  if (ratio === null) return null
  if (totals.downMs === 0) return '100'
  const observedMs = totals.upMs + totals.degradedMs + totals.downMs
  // Whole numbers, so that 99.99 % never becomes 99.98 % by a rounding of the division.
  const hundredths = Math.min(9_999, Math.floor(((observedMs - totals.downMs) * 10_000) / observedMs))
  return (hundredths / 100).toFixed(2)
}

function overlapMs({ fromMs, toMs }: Interval, windowFromMs: number, windowToMs: number): number {
  return Math.max(0, Math.min(toMs ?? windowToMs, windowToMs) - Math.max(fromMs, windowFromMs))
}
