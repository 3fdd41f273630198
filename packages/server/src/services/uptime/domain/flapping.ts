/** Figures of the flapping guard, in milliseconds. */
export type FlapRules = {
  readonly changes: number
  readonly windowMs: number
  readonly windowMsMax: number
}

export type FlapWindow = {
  readonly startMs: number
  readonly lengthMs: number
  readonly no: number
  readonly lastChangeMs: number
  readonly changes: number
  readonly opened: number
  readonly closed: number
  /** Confirmed downtime inside the window, and since when the monitor is down now, if it is. */
  readonly downMs: number
  readonly downSinceMs: number | null
}

export type Flapping = {
  /** Moments of confirmation of the latest counted changes, oldest first; at most ten are kept. */
  readonly changesAtMs: readonly number[]
  readonly window: FlapWindow | null
}

export type CountedChange = 'incident_opened' | 'incident_closed' | 'degraded' | 'improved'

/** What becomes of the notice of a counted change. */
export type ChangeVerdict =
  | { readonly notice: 'normal'; readonly flapping: Flapping }
  | { readonly notice: 'suppressed'; readonly begins: boolean; readonly flapping: Flapping }

const changesKeptMax = 10

export const calm: Flapping = { changesAtMs: [], window: null }

/** Counts one confirmed change (specification 3.7). */
export function countChange(flapping: Flapping, change: CountedChange, atMs: number, rules: FlapRules): ChangeVerdict {
  const changesAtMs = [...flapping.changesAtMs, atMs].slice(-changesKeptMax)
  if (flapping.window !== null) {
    const window = addChange(flapping.window, change, atMs)
    return { notice: 'suppressed', begins: false, flapping: { changesAtMs, window } }
  }
  const recent = changesAtMs.filter((changeMs) => atMs - changeMs <= rules.windowMs)
  if (recent.length < rules.changes) return { notice: 'normal', flapping: { changesAtMs: recent, window: null } }
  const window = addChange(openWindow(atMs, rules.windowMs, 1, null), change, atMs)
  return { notice: 'suppressed', begins: true, flapping: { changesAtMs, window } }
}

/** When the open window ends: at its length, or once nothing has changed for one base window. */
export function windowEndMs({ window }: Flapping, rules: FlapRules): number | null {
  if (window === null) return null
  return Math.min(window.startMs + window.lengthMs, window.lastChangeMs + rules.windowMs)
}

export type FlapSummary = {
  readonly changes: number
  readonly windowSeconds: number
  readonly opened: number
  readonly closed: number
  readonly downSeconds: number
}

/** Ends the open window at `atMs`. Still restless, a window twice as long follows; else the history is cleared. */
export function endWindow(
  window: FlapWindow,
  changesAtMs: readonly number[],
  atMs: number,
  rules: FlapRules,
): { readonly summary: FlapSummary; readonly flapping: Flapping } {
  const recent = changesAtMs.filter((changeMs) => atMs - changeMs < rules.windowMs)
  const summary = toSummary(window, atMs)
  if (recent.length < rules.changes) return { summary, flapping: calm }
  const lengthMs = Math.min(window.lengthMs * 2, rules.windowMsMax)
  const next = openWindow(atMs, lengthMs, window.no + 1, window.downSinceMs === null ? null : atMs)
  return { summary, flapping: { changesAtMs: recent, window: { ...next, lastChangeMs: recent.at(-1) ?? atMs } } }
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

function openWindow(startMs: number, lengthMs: number, no: number, downSinceMs: number | null): FlapWindow {
  return { startMs, lengthMs, no, lastChangeMs: startMs, changes: 0, opened: 0, closed: 0, downMs: 0, downSinceMs }
}

function addChange(window: FlapWindow, change: CountedChange, atMs: number): FlapWindow {
  const counted = { ...window, changes: window.changes + 1, lastChangeMs: atMs }
  switch (change) {
    case 'incident_opened':
      return { ...counted, opened: window.opened + 1, downSinceMs: atMs }
    case 'incident_closed':
      return {
        ...counted,
        closed: window.closed + 1,
        downMs: window.downMs + (window.downSinceMs === null ? 0 : atMs - window.downSinceMs),
        downSinceMs: null,
      }
    case 'degraded':
    case 'improved':
      return counted
  }
}
