import type { Effect, NextCheck, Notice, ResolutionCause } from './effects.ts'
import { type CountedChange, countChange, type FlapRules } from './flapping.ts'
import type { MonitorState, MonitorStatus, Rules, TimelineState } from './monitor.ts'

/** Parameters that are the same for every monitor. */
export type JudgeFigures = {
  readonly flap: FlapRules
  /** A monitor without a decisive verdict for this many intervals, and at least this long, is stale. */
  readonly staleIntervals: number
  readonly staleMsMin: number
  readonly neverUpAfterMs: number
  /** Shortest pause between the end of a check and the start of its re-check. */
  readonly recheckPauseMs: number
  /** After going down, checks come at least this often, for this long. */
  readonly downSpacingMsMax: number
  readonly downSpacingForMs: number
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The state of one monitor while one event is applied to it, and the resulting effects. */
export type Draft = {
  readonly state: Writable<MonitorState>
  readonly effects: Effect[]
  readonly rules: Rules
  readonly figures: JudgeFigures
}

export function plan({ effects }: Draft, next: NextCheck): void {
  effects.push({ kind: 'next', next })
}

export function tell({ state, effects, rules }: Draft, atMs: number, notice: Notice): void {
  effects.push({ kind: 'notice', atMs, notice })
  const told = toldState(notice)
  if (told !== undefined) state.degradedTold = told === 'degraded' && rules.notifyDegraded
}

/** The status that readers of the notification believe afterwards; undefined if the notification does not change it. */
function toldState(notice: Notice): MonitorStatus | undefined {
  if ('suppressed' in notice && notice.suppressed) return undefined
  switch (notice.event) {
    case 'incident.created':
    case 'incident.resolved':
    case 'monitor.flapping':
    case 'monitor.settled':
      return notice.state
    case 'monitor.degraded':
      return 'degraded'
    case 'monitor.improved':
      return 'up'
    case 'monitor.never_up':
      return undefined
  }
}

/** Milliseconds from one check to the next, given the state at `atMs`. */
export function spacingMs(state: MonitorState, rules: Rules, figures: JudgeFigures, atMs: number): number {
  if (state.maintenance !== null) return rules.intervalMs
  if (state.phase === 'confirming' || state.phase === 'recovering') return rules.confirmSpacingMs
  const isFreshOutage =
    state.outageStartedAtMs !== null && atMs - state.outageStartedAtMs < figures.downSpacingForMs
  return isFreshOutage ? Math.min(rules.intervalMs, figures.downSpacingMsMax) : rules.intervalMs
}

/** Sets the timeline to `state` from `fromMs` on. */
export function setTimeline({ state, effects }: Draft, fromMs: number, to: TimelineState): void {
  if (state.timeline === to) return
  effects.push({ kind: 'timeline', edit: { fromMs, state: to } })
  state.timeline = to
  state.timelineFromMs = fromMs
}

/** The state that the last verdict implies from `atMs` on, without a new one. */
export function standingState(state: MonitorState, atMs: number): TimelineState {
  const { status, lastOutcome, vouchedUntilMs } = state
  if (status === 'paused') return 'paused'
  if (state.maintenance !== null) return 'maintenance'
  if (vouchedUntilMs !== null && vouchedUntilMs <= atMs) return 'unknown'
  if (lastOutcome === null || lastOutcome === 'unknown') return 'unknown'
  // The failure was not counted because of maintenance, but the target has not been seen good since.
  if (lastOutcome === 'down' && status !== 'down' && state.phase !== 'confirming') return 'unknown'
  return status
}

/** Starts or continues a run of equal verdicts. */
export function extendRun({ state }: Draft, fromMs: number, isVouched: boolean): void {
  if (state.run.at(-1)?.isVouched === isVouched) return
  state.run = [...state.run, { fromMs, isVouched }]
}

/** Rewrites the timeline for the run: `to` where a verdict of the run covers the time, else unknown. */
export function backdateRun({ state, effects }: Draft, to: TimelineState): void {
  for (const { fromMs, isVouched } of state.run) {
    const edit = { fromMs, state: isVouched ? to : 'unknown' } as const
    effects.push({ kind: 'timeline', edit })
    state.timeline = edit.state
    state.timelineFromMs = fromMs
  }
}

/** Records failures that will not be confirmed any more as a blip. */
export function endFailures({ state, effects }: Draft, atMs: number): void {
  if (state.phase !== 'confirming') return
  state.run.forEach(({ fromMs, isVouched }, index) => {
    const toMs = state.run[index + 1]?.fromMs ?? atMs
    if (isVouched && toMs > fromMs) effects.push({ kind: 'blip', fromMs, toMs })
  })
}

/** Returns to a steady phase, or to grace, and resets all counters. */
export function clearStreaks({ state }: Draft): void {
  if (state.phase !== 'grace') state.phase = 'steady'
  state.downStreak = 0
  state.upStreak = 0
  state.degradedStreak = 0
  state.run = []
}

export function resolveIncident(
  { state, effects }: Draft,
  resolvedAtMs: number,
  cause: ResolutionCause,
): void {
  state.incidentOpen = false
  effects.push({ kind: 'incident_resolved', resolvedAtMs, cause })
}

/** Counts a change confirmed at `atMs` that took effect at `fromMs`; returns whether its notification is suppressed. */
export function countFlap(draft: Draft, change: CountedChange, atMs: number, fromMs: number): boolean {
  const { state, figures } = draft
  const verdict = countChange(state.flapping, change, atMs, fromMs, figures.flap)
  state.flapping = verdict.flapping
  return verdict.notice === 'suppressed'
}

/** Notifies that the monitor is flapping, if the change just counted started the first window. */
export function tellFlapping(draft: Draft, atMs: number): void {
  const { window, changesAtMs } = draft.state.flapping
  if (window?.no !== 1 || window.changes !== 1) return
  tell(draft, atMs, {
    event: 'monitor.flapping',
    state: tellableState(draft.state),
    changes: changesAtMs.length,
  })
}

/** A monitor that went stale with an open incident was last known as down, which is what its readers still believe. */
export function tellableState({ status, incidentOpen }: MonitorState): MonitorStatus {
  return incidentOpen ? 'down' : status
}

/** Notifies of a change between up and degraded, unless a flap window or maintenance suppresses it. */
export function tellQuality(draft: Draft, atMs: number): void {
  const { status, degradedTold, flapping, maintenance } = draft.state
  if (flapping.window !== null || maintenance !== null) return
  if (status === 'up' && degradedTold) tell(draft, atMs, { event: 'monitor.improved', suppressed: false })
  if (status === 'degraded' && !degradedTold && draft.rules.notifyDegraded)
    tell(draft, atMs, { event: 'monitor.degraded', suppressed: false })
}
