export type MaintenanceWindow = {
  readonly id: string
  readonly scope: 'monitors' | 'service' | 'all'
  readonly monitorIds: readonly string[]
  /** Monitors removed from the window before it ended. */
  readonly excludedMonitorIds: readonly string[]
  readonly serviceId: string | null
  readonly startsAtMs: number
  readonly endsAtMs: number
  /** False: the window lasts until it is ended manually, even past `endsAtMs`. */
  readonly autoResolve: boolean
  readonly endedAtMs: number | null
}

export type Covered = { readonly monitorId: string; readonly serviceId: string }

/** All windows that cover a monitor, merged into one. */
export type Coverage = {
  /** The latest announced end: the wire's `maintenanceUntil`. */
  readonly announcedUntilMs: number
  /** The actual end; null: when somebody ends it. */
  readonly untilMs: number | null
}

/** The maintenance of a monitor at `nowMs`; null if there is none. */
export function findCoverage(
  windows: readonly MaintenanceWindow[],
  monitor: Covered,
  nowMs: number,
): Coverage | null {
  const covering = windows.filter((window) => isOpen(window, nowMs) && isOver(window, monitor))
  if (covering.length === 0) return null
  const announcedUntilMs = Math.max(...covering.map(({ endsAtMs }) => endsAtMs))
  const isLasting = covering.some(({ autoResolve }) => !autoResolve)
  return { announcedUntilMs, untilMs: isLasting ? null : announcedUntilMs }
}

function isOpen({ startsAtMs, endsAtMs, autoResolve, endedAtMs }: MaintenanceWindow, nowMs: number): boolean {
  if (endedAtMs !== null && endedAtMs <= nowMs) return false
  return startsAtMs <= nowMs && (nowMs < endsAtMs || !autoResolve)
}

/** Whether a window covers this monitor while it is active. */
export function isOver(window: MaintenanceWindow, { monitorId, serviceId }: Covered): boolean {
  if (window.excludedMonitorIds.includes(monitorId)) return false
  switch (window.scope) {
    case 'all':
      return true
    case 'service':
      return window.serviceId === serviceId
    case 'monitors':
      return window.monitorIds.includes(monitorId)
  }
}

export type WindowState = 'planned' | 'active' | 'over'

export function windowState(window: MaintenanceWindow, nowMs: number): WindowState {
  if (isOpen(window, nowMs)) return 'active'
  return window.endedAtMs === null && window.startsAtMs > nowMs ? 'planned' : 'over'
}

export type WindowVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly field: 'startsAt' | 'endsAt'; readonly message: string }

/**
 * A planned window must start in the future, within a year, end after its start, and be no longer than the limit
 * unless it is ended manually.
 */
export function judgeWindow(
  { startsAtMs, endsAtMs, autoResolve }: Pick<MaintenanceWindow, 'startsAtMs' | 'endsAtMs' | 'autoResolve'>,
  nowMs: number,
  isPlanned: boolean,
  {
    maintenanceSecondsMax,
    maintenanceAheadDaysMax,
  }: {
    readonly maintenanceSecondsMax: number
    readonly maintenanceAheadDaysMax: number
  },
): WindowVerdict {
  const refuse = (field: 'startsAt' | 'endsAt', message: string): WindowVerdict => ({
    accepted: false,
    field,
    message,
  })
  if (isPlanned && startsAtMs <= nowMs) return refuse('startsAt', 'must lie in the future')
  if (startsAtMs > nowMs + maintenanceAheadDaysMax * 86_400_000)
    return refuse('startsAt', `must be at most ${maintenanceAheadDaysMax} days away`)
  if (endsAtMs <= Math.max(startsAtMs, nowMs)) return refuse('endsAt', 'must lie after the start')
  if (autoResolve && endsAtMs > startsAtMs + maintenanceSecondsMax * 1000)
    return refuse('endsAt', `must be at most ${maintenanceSecondsMax / 86_400} days after the start`)
  return { accepted: true }
}

export type EndVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly field: 'maintenanceUntil'; readonly message: string }

/** An immediate window must end in the future, within `secondsMax` unless it is ended manually anyway. */
export function judgeMaintenanceEnd(
  untilMs: number,
  autoResolve: boolean,
  nowMs: number,
  secondsMax: number,
): EndVerdict {
  const refuse = (message: string): EndVerdict => ({ accepted: false, field: 'maintenanceUntil', message })
  if (untilMs <= nowMs) return refuse('must lie in the future')
  if (autoResolve && untilMs > nowMs + secondsMax * 1000)
    return refuse(`must be at most ${secondsMax / 86_400} days away, unless autoResolve is false`)
  return { accepted: true }
}

export type SeriesVerdict =
  | { readonly accepted: true }
  | {
      readonly accepted: false
      readonly field: 'startsAt' | 'rule' | 'durationMinutes'
      readonly message: string
    }

/** A recurring window must start in time, recur at all but not without pause, and end before its next occurrence. */
export function judgeSeries(
  { startsAtMs, durationMinutes }: { readonly startsAtMs: number; readonly durationMinutes: number },
  /** The occurrences within the planning horizon, or a few more. */
  starts: readonly number[],
  nowMs: number,
  {
    maintenanceAheadDaysMax,
    occurrencesAheadMax,
    occurrenceDays,
  }: {
    readonly maintenanceAheadDaysMax: number
    readonly occurrencesAheadMax: number
    readonly occurrenceDays: number
  },
): SeriesVerdict {
  const refuse = (field: 'startsAt' | 'rule' | 'durationMinutes', message: string): SeriesVerdict => ({
    accepted: false,
    field,
    message,
  })
  if (startsAtMs <= nowMs) return refuse('startsAt', 'must lie in the future')
  if (startsAtMs > nowMs + maintenanceAheadDaysMax * 86_400_000)
    return refuse('startsAt', `must be at most ${maintenanceAheadDaysMax} days away`)
  if (starts.length === 0) return refuse('rule', 'must recur at least once within five years')
  if (starts.length > occurrencesAheadMax)
    return refuse('rule', `must recur at most ${occurrencesAheadMax} times within ${occurrenceDays} days`)
  const isTooLong = starts.some(
    (ms, index) => ms + durationMinutes * 60_000 > (starts[index + 1] ?? Infinity),
  )
  if (isTooLong) return refuse('durationMinutes', 'must be over before the maintenance recurs')
  return { accepted: true }
}
