import { calm, endWindow, toSummary, windowEndMs } from './flapping.ts'
import {
  clearStreaks,
  type Draft,
  endFailures,
  extendRun,
  type JudgeFigures,
  setTimeline,
  standingState,
  tell,
  tellableState,
  tellQuality,
} from './judge-draft.ts'
import type { MonitorState, Rules } from './monitor.ts'

type TimerKind = 'maintenance_ends' | 'flap_window_ends' | 'vouch_lapses' | 'goes_stale' | 'never_up'

/** The next change that happens through the passage of time alone; `atMs` is Infinity if there is none. */
type Timer = { readonly kind: TimerKind; readonly atMs: number }

export function firstTimer(state: MonitorState, rules: Rules, figures: JudgeFigures): Timer {
  let kind: TimerKind = 'maintenance_ends'
  let atMs = state.maintenance?.untilMs ?? Infinity
  const consider = (other: TimerKind, otherAtMs: number): void => {
    if (otherAtMs >= atMs) return
    kind = other
    atMs = otherAtMs
  }
  if (state.flapping.window !== null)
    consider('flap_window_ends', windowEndMs(state.flapping.window, figures.flap))
  if (state.status === 'paused') return { kind, atMs }
  if (isVouchedFor(state)) consider('vouch_lapses', state.vouchedUntilMs ?? Infinity)
  if (canGoStale(state, rules)) consider('goes_stale', staleAtMs(state, rules, figures))
  if (mayNeverHaveBeenUp(state, rules)) consider('never_up', state.graceSinceMs + figures.neverUpAfterMs)
  return { kind, atMs }
}

/** Applies all changes that time alone causes, up to and including `atMs`, in order. */
export function elapse(draft: Draft, atMs: number): void {
  for (;;) {
    const timer = firstTimer(draft.state, draft.rules, draft.figures)
    if (timer.atMs > atMs) return
    fire(draft, timer)
  }
}

/**
 * The same for a check that ran from `startedAtMs` to `endedAtMs`: the previous verdict is valid until its start, and
 * while it runs the monitor does not go stale.
 */
export function elapseUntilVerdict(draft: Draft, startedAtMs: number, endedAtMs: number): void {
  for (;;) {
    const timer = firstTimer(draft.state, draft.rules, draft.figures)
    const isOfSilence = timer.kind === 'vouch_lapses' || timer.kind === 'goes_stale'
    if (isOfSilence ? timer.atMs >= startedAtMs : timer.atMs > endedAtMs) return
    fire(draft, timer)
  }
}

/** Ends the flap window early, with its summary. */
export function settleForGood(draft: Draft, atMs: number): void {
  const { window } = draft.state.flapping
  if (window === null) return
  draft.state.flapping = calm
  tellSettled(draft, atMs, toSummary(window, atMs))
}

/** Ends maintenance: verdicts count again, starting at one. */
export function endMaintenance(draft: Draft, atMs: number): void {
  draft.state.maintenance = null
  setTimeline(draft, atMs, standingState(draft.state, atMs))
  tellQuality(draft, atMs)
}

/** Treats the last verdict as expired, although by the clock it lies in the future. */
export function loseSight(draft: Draft, atMs: number): void {
  const { state, rules } = draft
  if (canGoStale(state, rules)) goStale(draft, Math.max(atMs, state.timelineFromMs, state.lastVerdictAtMs))
}

function fire(draft: Draft, { kind, atMs }: Timer): void {
  const { state } = draft
  switch (kind) {
    case 'maintenance_ends':
      return endMaintenance(draft, atMs)
    case 'flap_window_ends':
      return settle(draft, atMs)
    case 'vouch_lapses':
      if (state.run.length > 0) extendRun(draft, atMs, false)
      return setTimeline(draft, atMs, 'unknown')
    case 'goes_stale':
      return goStale(draft, atMs)
    case 'never_up':
      state.neverUpTold = true
      return tell(draft, atMs, { event: 'monitor.never_up' })
  }
}

function isVouchedFor({ timeline, run }: MonitorState): boolean {
  if (timeline === 'up' || timeline === 'degraded' || timeline === 'down') return true
  // A run that starts in unknown time appears on the timeline only once it is decided.
  return timeline === 'unknown' && run.at(-1)?.isVouched === true
}

function canGoStale({ status, phase, lastDecisiveAtMs }: MonitorState, rules: Rules): boolean {
  if (rules.vouchesUntilDeadline || lastDecisiveAtMs === null || phase === 'grace') return false
  return status !== 'unknown' || phase === 'confirming'
}

function staleAtMs({ lastDecisiveAtMs }: MonitorState, rules: Rules, figures: JudgeFigures): number {
  return (
    (lastDecisiveAtMs ?? Infinity) + Math.max(figures.staleIntervals * rules.intervalMs, figures.staleMsMin)
  )
}

/**
 * Whether a monitor that was never up may be reported as such. A silent job is evidence, because jobs are not
 * checked; a target that we could not check is not.
 */
function mayNeverHaveBeenUp({ phase, neverUpTold, lastDecisiveAtMs }: MonitorState, rules: Rules): boolean {
  return phase === 'grace' && !neverUpTold && (lastDecisiveAtMs !== null || rules.vouchesUntilDeadline)
}

function goStale(draft: Draft, atMs: number): void {
  const { state } = draft
  endFailures(draft, atMs)
  clearStreaks(draft)
  state.status = 'unknown'
  state.lastOutcome = null
  setTimeline(draft, atMs, standingState(state, atMs))
}

/** Ends one flap window; its summary reports the current status. */
function settle(draft: Draft, atMs: number): void {
  const { window, changesAtMs } = draft.state.flapping
  if (window === null) return
  const ended = endWindow(window, changesAtMs, atMs, draft.figures.flap)
  draft.state.flapping = ended.flapping
  tellSettled(draft, atMs, ended.summary)
}

function tellSettled(draft: Draft, atMs: number, summary: ReturnType<typeof toSummary>): void {
  tell(draft, atMs, { event: 'monitor.settled', state: tellableState(draft.state), summary })
}
