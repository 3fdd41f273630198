export type MaintenanceWindow = {
  readonly id: string
  readonly scope: 'monitors' | 'service' | 'all'
  readonly monitorIds: readonly string[]
  readonly serviceId: string | null
  readonly startsAtMs: number
  readonly endsAtMs: number
  /** False: lasts until ended by hand, past `endsAtMs` too. */
  readonly autoResolve: boolean
  readonly endedAtMs: number | null
}

export type Covered = { readonly monitorId: string; readonly serviceId: string }

/** The windows that cover a monitor at `nowMs`, as one: its latest end (null: until ended by hand), or none. */
export function coveringWindow(
  windows: readonly MaintenanceWindow[],
  monitor: Covered,
  nowMs: number,
): { readonly untilMs: number | null; readonly autoResolve: boolean } | null {
  const covering = windows.filter((window) => isOpen(window, nowMs) && doesCover(window, monitor))
  if (covering.length === 0) return null
  const lasting = covering.some(({ autoResolve }) => !autoResolve)
  return {
    untilMs: lasting ? null : Math.max(...covering.map(({ endsAtMs }) => endsAtMs)),
    autoResolve: !lasting,
  }
}

/** The latest announced end among the windows now covering the monitor, or null: the wire's `maintenanceUntil`. */
export function maintenanceUntilMs(
  windows: readonly MaintenanceWindow[],
  monitor: Covered,
  nowMs: number,
): number | null {
  const ends = windows
    .filter((window) => isOpen(window, nowMs) && doesCover(window, monitor))
    .map(({ endsAtMs }) => endsAtMs)
  return ends.length === 0 ? null : Math.max(...ends)
}

function isOpen({ startsAtMs, endsAtMs, autoResolve, endedAtMs }: MaintenanceWindow, nowMs: number): boolean {
  return endedAtMs === null && startsAtMs <= nowMs && (!autoResolve || endsAtMs > nowMs)
}

function doesCover({ scope, monitorIds, serviceId }: MaintenanceWindow, monitor: Covered): boolean {
  switch (scope) {
    case 'all':
      return true
    case 'service':
      return serviceId === monitor.serviceId
    case 'monitors':
      return monitorIds.includes(monitor.monitorId)
  }
}

export type EndVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly field: 'maintenanceUntil'; readonly message: string }

/** An immediate window ends in the future, and within `secondsMax` unless it is ended by hand anyway. */
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
