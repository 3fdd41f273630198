import type { Interval } from './timeline.ts'

/** Milliseconds in each state over a span of time. */
export type Totals = {
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly maintenanceMs: number
  readonly pausedMs: number
  readonly unknownMs: number
  /** Part of `upMs`. */
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

/**
 * Time in each state within `[fromMs, toMs)`. An open interval is counted up to `toMs`, which must not be in the
 * future. Exact, and additive over adjacent spans. Time before the first interval belongs to no state.
 */
export function sumStates(intervals: readonly Interval[], fromMs: number, toMs: number): Totals {
  const totals = { ...noTotals }
  for (const interval of intervals) {
    const ms = Math.min(interval.toMs ?? toMs, toMs) - Math.max(interval.fromMs, fromMs)
    if (ms <= 0) continue
    totals[`${interval.state}Ms`] += ms
    if (interval.blipMs > 0) totals.blipMs += ms
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

/** `(up + degraded) / (up + degraded + down)`, or null if nothing was observed: missing data is never 100 %. */
export function uptimeRatio({ upMs, degradedMs, downMs }: Totals): number | null {
  const observedMs = upMs + degradedMs + downMs
  return observedMs === 0 ? null : (upMs + degradedMs) / observedMs
}

/** The same, with unconfirmed failures counted as down. */
export function strictUptimeRatio({ upMs, degradedMs, downMs, blipMs }: Totals): number | null {
  const observedMs = upMs + degradedMs + downMs
  return observedMs === 0 ? null : (upMs + degradedMs - blipMs) / observedMs
}

/** The displayed percentage: rounded down to two decimals, and `100` only without a millisecond of downtime. */
export function formatUptime(totals: Totals): string | null {
  const { upMs, degradedMs, downMs } = totals
  const observedMs = upMs + degradedMs + downMs
  if (observedMs === 0) return null
  if (downMs === 0) return '100'
  // Computed with integers, because a division could round the last hundredth up.
  const scaled = (upMs + degradedMs) * 10_000
  return ((scaled - (scaled % observedMs)) / observedMs / 100).toFixed(2)
}
