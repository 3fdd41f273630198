import type { Effect, NextCheck, Notice, ResolutionCause } from './effects.ts'
import { type CountedChange, countChange, type FlapRules } from './flapping.ts'
import type { MonitorState, MonitorStatus, Rules, TimelineState } from './monitor.ts'

/** Figures that are the same for every monitor. */
export type JudgeFigures = {
  readonly flap: FlapRules
  /** A monitor without a decisive verdict for this many intervals, and at least this long, is stale. */
  readonly staleIntervals: number
  readonly staleMsMin: number
  readonly neverUpAfterMs: number
  /** Between the end of one check and the start of its re-check, at least. */
  readonly recheckPauseMs: number
  /** At first while down, checks come at least this often, for this long. */
  readonly downSpacingMsMax: number
  readonly downSpacingForMs: number
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The state of one monitor while one event is folded into it, and what follows from that. */
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

/** What receivers take the monitor for from now on; undefined where they learn nothing of it. */
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

/** Milliseconds from one check to the next, as things stand at `atMs`. */
export function spacingMs(state: MonitorState, rules: Rules, figures: JudgeFigures, atMs: number): number {
  if (state.maintenance !== null) return rules.intervalMs
  if (state.phase === 'confirming' || state.phase === 'recovering') return rules.confirmSpacingMs
  const isFreshOutage =
    state.outageStartedAtMs !== null && atMs - state.outageStartedAtMs < figures.downSpacingForMs
  return isFreshOutage ? Math.min(rules.intervalMs, figures.downSpacingMsMax) : rules.intervalMs
}

/** Lets the timeline say `state` from `fromMs` on. */
export function setTimeline({ state, effects }: Draft, fromMs: number, to: TimelineState): void {
  if (state.timeline === to) return
  effects.push({ kind: 'timeline', edit: { fromMs, state: to } })
  state.timeline = to
  state.timelineFromMs = fromMs
}

/** What the last verdict says of the time from `atMs` on, where no new one is at hand. */
export function standingState(state: MonitorState, atMs: number): TimelineState {
  const { status, lastOutcome, vouchedUntilMs } = state
  if (status === 'paused') return 'paused'
  if (state.maintenance !== null) return 'maintenance'
  if (vouchedUntilMs !== null && vouchedUntilMs <= atMs) return 'unknown'
  if (lastOutcome === null || lastOutcome === 'unknown') return 'unknown'
  // A failure that maintenance kept from being counted: nobody has seen the target good since.
  if (lastOutcome === 'down' && status !== 'down' && state.phase !== 'confirming') return 'unknown'
  return status
}

/** Begins or continues a run. */
export function extendRun({ state }: Draft, fromMs: number, isVouched: boolean): void {
  if (state.run.at(-1)?.isVouched === isVouched) return
  state.run = [...state.run, { fromMs, isVouched }]
}

/** Writes the run over what the timeline said of it: `to` where a verdict of the run vouches, else unknown. */
export function backdateRun({ state, effects }: Draft, to: TimelineState): void {
  for (const { fromMs, isVouched } of state.run) {
    const edit = { fromMs, state: isVouched ? to : 'unknown' } as const
    effects.push({ kind: 'timeline', edit })
    state.timeline = edit.state
    state.timelineFromMs = fromMs
  }
}

/** Failures that will never be confirmed are a blip. */
export function endFailures({ state, effects }: Draft, atMs: number): void {
  if (state.phase !== 'confirming') return
  state.run.forEach(({ fromMs, isVouched }, index) => {
    const toMs = state.run[index + 1]?.fromMs ?? atMs
    if (isVouched && toMs > fromMs) effects.push({ kind: 'blip', fromMs, toMs })
  })
}

/** Back to a steady phase, or to grace, with nothing counted. */
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

/** Counts a change confirmed at `atMs` that took effect at `fromMs`; whether its own notice is suppressed. */
export function countFlap(draft: Draft, change: CountedChange, atMs: number, fromMs: number): boolean {
  const { state, figures } = draft
  const verdict = countChange(state.flapping, change, atMs, fromMs, figures.flap)
  state.flapping = verdict.flapping
  return verdict.notice === 'suppressed'
}

/** Says that the monitor flaps, if the change just counted is the one that began the first window. */
export function tellFlapping(draft: Draft, atMs: number): void {
  const { window, changesAtMs } = draft.state.flapping
  if (window?.no !== 1 || window.changes !== 1) return
  tell(draft, atMs, {
    event: 'monitor.flapping',
    state: tellableState(draft.state),
    changes: changesAtMs.length,
  })
}

/** A monitor gone stale with an open incident was last known down, and that is what receivers still believe. */
export function tellableState({ status, incidentOpen }: MonitorState): MonitorStatus {
  return incidentOpen ? 'down' : status
}

/** Brings what receivers know of up and degraded in line with what is, unless a flap window or maintenance holds it. */
export function tellQuality(draft: Draft, atMs: number): void {
  const { status, degradedTold, flapping, maintenance } = draft.state
  if (flapping.window !== null || maintenance !== null) return
  if (status === 'up' && degradedTold) tell(draft, atMs, { event: 'monitor.improved', suppressed: false })
  if (status === 'degraded' && !degradedTold && draft.rules.notifyDegraded)
    tell(draft, atMs, { event: 'monitor.degraded', suppressed: false })
}
