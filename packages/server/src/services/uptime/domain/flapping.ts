/** Parameters of the flapping guard, in milliseconds. */
export type FlapRules = {
  readonly changes: number
  readonly windowMs: number
  readonly windowMsMax: number
}

export type FlapWindow = {
  readonly no: number
  readonly startMs: number
  readonly lengthMs: number
  /** May be before the window starts; then the window is not the first. */
  readonly lastChangeMs: number
  readonly changes: number
  readonly opened: number
  readonly closed: number
  /** Confirmed downtime within the window, and the start of the current downtime, if any. */
  readonly downMs: number
  readonly downSinceMs: number | null
}

export type Flapping = {
  /** Times of confirmation of the latest counted changes, oldest first; at most ten are kept. */
  readonly changesAtMs: readonly number[]
  readonly window: FlapWindow | null
}

export type CountedChange = 'incident_opened' | 'incident_closed' | 'degraded' | 'improved'

/** Whether the notification of a counted change is sent or suppressed. */
export type ChangeVerdict = { readonly notice: 'normal' | 'suppressed'; readonly flapping: Flapping }

const changesKeptMax = 10

export const calm: Flapping = { changesAtMs: [], window: null }

/** Counts one change that was confirmed at `atMs` and took effect at `fromMs` (specification 3.7). */
export function countChange(
  flapping: Flapping,
  change: CountedChange,
  atMs: number,
  fromMs: number,
  rules: FlapRules,
): ChangeVerdict {
  const changesAtMs = [...flapping.changesAtMs, atMs].slice(-changesKeptMax)
  if (flapping.window !== null) {
    const window = addChange(flapping.window, change, atMs, fromMs)
    return { notice: 'suppressed', flapping: { changesAtMs, window } }
  }
  const recent = listRecent(changesAtMs, atMs, rules)
  if (recent.length < rules.changes)
    return { notice: 'normal', flapping: { changesAtMs: recent, window: null } }
  const window = addChange(openWindow(1, atMs, rules.windowMs, atMs, null), change, atMs, fromMs)
  return { notice: 'suppressed', flapping: { changesAtMs: recent, window } }
}

/** The end of the open window: after its length, or after one base window without changes. */
export function windowEndMs(window: FlapWindow, rules: FlapRules): number {
  return Math.min(window.startMs + window.lengthMs, window.lastChangeMs + rules.windowMs)
}

export type FlapSummary = {
  /** The number of changes, each with a suppressed notification. */
  readonly changes: number
  readonly windowSeconds: number
  readonly opened: number
  readonly closed: number
  readonly downSeconds: number
}

/**
 * Ends the open window at `atMs`. If the monitor still flaps, a window of twice the length follows; otherwise the
 * history is cleared.
 */
export function endWindow(
  window: FlapWindow,
  changesAtMs: readonly number[],
  atMs: number,
  rules: FlapRules,
): { readonly summary: FlapSummary; readonly flapping: Flapping } {
  const summary = toSummary(window, atMs)
  const recent = listRecent(changesAtMs, atMs, rules)
  if (recent.length < rules.changes) return { summary, flapping: calm }
  const lengthMs = Math.min(window.lengthMs * 2, rules.windowMsMax)
  const downSinceMs = window.downSinceMs === null ? null : atMs
  const next = openWindow(window.no + 1, atMs, lengthMs, window.lastChangeMs, downSinceMs)
  return { summary, flapping: { changesAtMs: recent, window: next } }
}

export function toSummary(window: FlapWindow, atMs: number): FlapSummary {
  const openMs = window.downSinceMs === null ? 0 : atMs - window.downSinceMs
  return {
    changes: window.changes,
    windowSeconds: Math.round((atMs - window.startMs) / 1000),
    opened: window.opened,
    closed: window.closed,
    downSeconds: Math.round((window.downMs + openMs) / 1000),
  }
}

function listRecent(changesAtMs: readonly number[], atMs: number, rules: FlapRules): readonly number[] {
  return changesAtMs.filter((changeMs) => atMs - changeMs <= rules.windowMs)
}

function openWindow(
  no: number,
  startMs: number,
  lengthMs: number,
  lastChangeMs: number,
  downSinceMs: number | null,
): FlapWindow {
  return { no, startMs, lengthMs, lastChangeMs, changes: 0, opened: 0, closed: 0, downMs: 0, downSinceMs }
}

function addChange(window: FlapWindow, change: CountedChange, atMs: number, fromMs: number): FlapWindow {
  const counted = { ...window, changes: window.changes + 1, lastChangeMs: atMs }
  switch (change) {
    case 'incident_opened':
      return { ...counted, opened: window.opened + 1, downSinceMs: Math.max(fromMs, window.startMs) }
    case 'incident_closed': {
      const downMs = window.downSinceMs === null ? 0 : Math.max(0, fromMs - window.downSinceMs)
      return { ...counted, closed: window.closed + 1, downMs: window.downMs + downMs, downSinceMs: null }
    }
    case 'degraded':
    case 'improved':
      return counted
  }
}
