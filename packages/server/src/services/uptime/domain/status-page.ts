import type { MonitorStatus } from './monitor.ts'
import type { Interval } from './timeline.ts'
import { sumStates } from './uptime.ts'
import type { Day } from './days.ts'

export type ComponentState = 'up' | 'degraded' | 'down' | 'maintenance' | 'unknown' | 'paused'

export type Impact = 'none' | 'minor' | 'major' | 'critical'

export type Indicator =
  | 'none'
  | 'minor'
  | 'degraded'
  | 'major'
  | 'critical'
  | 'maintenance'
  | 'unknown'
  /** No component is shown, so there is no overall status. */
  | 'nothing'

export function componentState(status: MonitorStatus, inMaintenance: boolean): ComponentState {
  return inMaintenance && status !== 'paused' ? 'maintenance' : status
}

/**
 * The first matching row of the table in 7.3. Without a component shown or a check yet, the banner never says
 * "operational".
 */
export function bannerIndicator(
  components: readonly ComponentState[],
  openImpacts: readonly Impact[],
): Indicator {
  const shown = components.filter((state) => state !== 'paused')
  const known = shown.filter((state) => state !== 'unknown')
  const isAllDown = shown.length > 0 && shown.every((state) => state === 'down')
  if (isAllDown || openImpacts.includes('critical')) return 'critical'
  if (known.includes('down') || openImpacts.includes('major')) return 'major'
  if (openImpacts.includes('minor')) return 'minor'
  if (known.includes('degraded')) return 'degraded'
  if (known.includes('maintenance')) return 'maintenance'
  if (components.length === 0) return 'nothing'
  return known.length === 0 ? 'unknown' : 'none'
}

export type BarLevel = 'clean' | 'brief' | 'long' | 'severe' | 'maintenance' | 'empty'

const minuteMs = 60_000

/** The level of one day's bar, by its minutes of downtime (7.1). */
export function dayBar(
  intervals: readonly Interval[],
  day: Day,
  nowMs: number,
): { readonly level: BarLevel; readonly downMs: number } {
  const totals = sumStates(intervals, day.fromMs, Math.min(day.toMs, nowMs))
  const { downMs } = totals
  if (downMs >= 60 * minuteMs) return { level: 'severe', downMs }
  if (downMs >= 20 * minuteMs) return { level: 'long', downMs }
  if (downMs > 0) return { level: 'brief', downMs }
  if (totals.upMs + totals.degradedMs > 0) return { level: 'clean', downMs }
  return { level: totals.maintenanceMs > 0 ? 'maintenance' : 'empty', downMs }
}
