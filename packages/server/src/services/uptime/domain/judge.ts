import type { Effect, NextCheck, Notice, ResolutionCause } from './effects.ts'
import { type CountedChange, countChange, endWindow, type FlapRules, toSummary, windowEndMs, calm } from './flapping.ts'
import type { MonitorState, MonitorStatus, Rules, TimelineState, Verdict } from './monitor.ts'

export type JudgeFigures = {
  readonly flap: FlapRules
  /** A monitor without a decisive verdict for this many intervals, and at least this long, is stale. */
  readonly staleIntervals: number
  readonly staleMsMin: number
  readonly neverUpAfterMs: number
  /** While down, checks come at least this often at first. */
  readonly downSpacingMsMax: number
}

export type MonitorEvent =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** Nothing but time has passed. */
  | { readonly kind: 'tick'; readonly atMs: number }
  | { readonly kind: 'paused' | 'resumed' | 'target_changed' | 'deleted' | 'resolved_by_person'; readonly atMs: number }
  /** The windows that now cover the monitor, as one: until when, or null when none does. */
  | { readonly kind: 'maintenance'; readonly atMs: number; readonly window: { readonly untilMs: number | null } | null }

export type Judgement = { readonly state: MonitorState; readonly effects: readonly Effect[] }

/** One state while it is being worked on; never leaves this file. */
type Draft = { state: MonitorState; readonly effects: Effect[]; readonly rules: Rules; readonly figures: JudgeFigures }

/** Folds one event into the state of a monitor (specification 3.2 to 3.7). Pure: the same input gives the same output. */
export function judge(state: MonitorState, event: MonitorEvent, rules: Rules, figures: JudgeFigures): Judgement {
  const draft: Draft = { state, effects: [], rules, figures }
  switch (event.kind) {
    case 'verdict':
      takeVerdict(draft, event.verdict)
      break
    case 'tick':
      elapse(draft, event.atMs)
      break
    case 'maintenance':
      elapse(draft, event.atMs)
      takeMaintenance(draft, event.atMs, event.window)
      break
    case 'paused':
    case 'resumed':
    case 'target_changed':
    case 'deleted':
    case 'resolved_by_person':
      elapse(draft, event.atMs)
      takeDecision(draft, event.kind, event.atMs)
      break
  }
  return { state: draft.state, effects: draft.effects }
}

/** The next moment at which time alone changes something, or null. */
export function wakeAtMs(state: MonitorState, rules: Rules, figures: JudgeFigures): number | null {
  const moments = timers(state, rules, figures).map(({ atMs }) => atMs)
  return moments.length === 0 ? null : Math.min(...moments)
}

type Timer = { readonly atMs: number; readonly fire: (draft: Draft, atMs: number) => void }

function timers(state: MonitorState, rules: Rules, figures: JudgeFigures): readonly Timer[] {
  const due: Timer[] = []
  const { maintenance, vouchedUntilMs, lastDecisiveAtMs } = state
  if (maintenance !== null && maintenance.untilMs !== null)
    due.push({ atMs: maintenance.untilMs, fire: (draft, atMs) => takeMaintenance(draft, atMs, null) })
  if (state.status === 'paused') return due
  const flapEndMs = windowEndMs(state.flapping, figures.flap)
  if (flapEndMs !== null) due.push({ atMs: flapEndMs, fire: settle })
  const isVouched = state.timeline === 'up' || state.timeline === 'degraded' || state.timeline === 'down'
  if (isVouched && vouchedUntilMs !== null)
    due.push({ atMs: vouchedUntilMs, fire: (draft, atMs) => setTimeline(draft, atMs, 'unknown') })
  if (state.status !== 'unknown' && lastDecisiveAtMs !== null && !rules.vouchesUntilDeadline) {
    const staleAfterMs = Math.max(figures.staleIntervals * rules.intervalMs, figures.staleMsMin)
    due.push({ atMs: lastDecisiveAtMs + staleAfterMs, fire: goStale })
  }
  if (isInGrace(state) && lastDecisiveAtMs !== null && !state.neverUpTold)
    due.push({ atMs: state.graceSinceMs + figures.neverUpAfterMs, fire: tellNeverUp })
  return due
}

/** Lets everything happen that time alone brings about up to `atMs`, in the order of its moments. */
function elapse(draft: Draft, atMs: number): void {
  for (;;) {
    const next = timers(draft.state, draft.rules, draft.figures).reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.atMs < first.atMs ? timer : first),
      undefined,
    )
    if (next === undefined || next.atMs > atMs) return
    next.fire(draft, next.atMs)
  }
}

function takeVerdict(draft: Draft, verdict: Verdict): void {
  // A clock that stepped back must not rewrite what is already on the timeline.
  const atMs = Math.max(verdict.startedAtMs, draft.state.timelineFromMs)
  elapse(draft, atMs)
  const { state } = draft
  if (state.status === 'paused') return
  if (verdict.outcome === 'unknown') return planNext(draft, verdict)
  set(draft, { lastDecisiveAtMs: atMs })
  if (state.maintenance !== null) takeVerdictInMaintenance(draft, verdict.outcome, atMs)
  else if (verdict.outcome === 'down') takeDown(draft, verdict, atMs)
  else takeOk(draft, verdict.outcome, atMs)
  vouch(draft, atMs)
  planNext(draft, verdict)
}

function takeVerdictInMaintenance(draft: Draft, outcome: 'up' | 'degraded' | 'down', atMs: number): void {
  if (outcome === 'down') return set(draft, { upStreak: 0, turnStartedAtMs: null })
  const { incidentOpen, firstUpAtMs } = draft.state
  set(draft, { status: outcome, phase: 'steady', armed: true, firstUpAtMs: firstUpAtMs ?? atMs, ...noStreaks })
  if (!incidentOpen) return
  // Those who were told "down" are told that it is over; what happens in maintenance counts for no flapping.
  resolveIncident(draft, atMs, 'recovered')
  tell(draft, atMs, { event: 'incident.resolved', suppressed: false })
}

function takeDown(draft: Draft, verdict: Verdict, atMs: number): void {
  const { state, rules } = draft
  if (isInGrace(state)) return
  if (state.status === 'down') {
    set(draft, { phase: 'steady', upStreak: 0, turnStartedAtMs: null })
    return setTimeline(draft, atMs, 'down')
  }
  if (state.status === 'unknown' && state.incidentOpen) {
    set(draft, { status: 'down', phase: 'steady', ...noStreaks })
    return setTimeline(draft, atMs, 'down')
  }
  const downStreak = state.downStreak + 1
  const streakStartedAtMs = state.streakStartedAtMs ?? atMs
  set(draft, { phase: 'confirming', downStreak, streakStartedAtMs, upStreak: 0, degradedStreak: 0, turnStartedAtMs: null })
  if (downStreak >= rules.downThreshold) return confirmDown(draft, streakStartedAtMs, verdict.endedAtMs)
  if (state.status !== 'unknown') setTimeline(draft, atMs, state.status)
}

function confirmDown(draft: Draft, startedAtMs: number, confirmedAtMs: number): void {
  const { armed, incidentOpen } = draft.state
  set(draft, { status: 'down', phase: 'steady', ...noStreaks })
  setTimeline(draft, startedAtMs, 'down')
  if (!armed || incidentOpen) return
  set(draft, { incidentOpen: true })
  draft.effects.push({ kind: 'incident_opened', startedAtMs, confirmedAtMs })
  const suppressed = count(draft, 'incident_opened', confirmedAtMs)
  tell(draft, confirmedAtMs, { event: 'incident.created', suppressed: suppressed !== 'no' })
  if (suppressed === 'begins') tell(draft, confirmedAtMs, { event: 'monitor.flapping', state: 'down' })
}

function takeOk(draft: Draft, outcome: 'up' | 'degraded', atMs: number): void {
  const { state } = draft
  set(draft, { armed: true, firstUpAtMs: state.firstUpAtMs ?? atMs })
  if (state.status === 'down') return takeRecovery(draft, outcome, atMs)
  if (state.status === 'unknown') return takeFirstOk(draft, outcome, atMs)
  if (state.phase === 'confirming') {
    draft.effects.push({ kind: 'blip', fromMs: state.streakStartedAtMs ?? atMs, toMs: atMs })
    set(draft, { phase: 'steady', downStreak: 0, streakStartedAtMs: null })
    return shift(draft, outcome, atMs, atMs)
  }
  if (outcome === state.status) {
    set(draft, { upStreak: 0, degradedStreak: 0, turnStartedAtMs: null })
    return setTimeline(draft, atMs, outcome)
  }
  takeTurn(draft, outcome, atMs)
}

/** Up and degraded change into each other only after as many verdicts as their thresholds ask for. */
function takeTurn(draft: Draft, outcome: 'up' | 'degraded', atMs: number): void {
  const { state, rules } = draft
  const turnStartedAtMs = state.turnStartedAtMs ?? atMs
  const degradedStreak = outcome === 'degraded' ? state.degradedStreak + 1 : 0
  const upStreak = outcome === 'up' ? state.upStreak + 1 : 0
  set(draft, { degradedStreak, upStreak, turnStartedAtMs })
  const enough = outcome === 'degraded' ? degradedStreak >= rules.downThreshold : upStreak >= rules.upThreshold
  if (enough) return shift(draft, outcome, turnStartedAtMs, atMs)
  if (state.status === 'up' || state.status === 'degraded') setTimeline(draft, atMs, state.status)
}

function shift(draft: Draft, to: 'up' | 'degraded', fromMs: number, atMs: number): void {
  const before = draft.state.status
  set(draft, { status: to, upStreak: 0, degradedStreak: 0, turnStartedAtMs: null })
  setTimeline(draft, fromMs, to)
  if (before === to || !draft.rules.notifyDegraded) return
  const suppressed = count(draft, to === 'degraded' ? 'degraded' : 'improved', atMs)
  tell(draft, atMs, { event: to === 'degraded' ? 'monitor.degraded' : 'monitor.improved', suppressed: suppressed !== 'no' })
  if (suppressed === 'begins') tell(draft, atMs, { event: 'monitor.flapping', state: to })
}

function takeRecovery(draft: Draft, outcome: 'up' | 'degraded', atMs: number): void {
  const { state, rules } = draft
  const upStreak = state.upStreak + 1
  const turnStartedAtMs = state.turnStartedAtMs ?? atMs
  if (upStreak < rules.upThreshold) {
    set(draft, { phase: 'recovering', upStreak, turnStartedAtMs })
    return setTimeline(draft, atMs, 'down')
  }
  set(draft, { status: outcome, phase: 'steady', ...noStreaks })
  setTimeline(draft, turnStartedAtMs, outcome)
  if (!state.incidentOpen) return
  resolveIncident(draft, turnStartedAtMs, 'recovered')
  tellRecovery(draft, outcome, atMs)
}

/** Grace, resumed and stale end with the first good verdict. */
function takeFirstOk(draft: Draft, outcome: 'up' | 'degraded', atMs: number): void {
  const { incidentOpen } = draft.state
  set(draft, { status: outcome, phase: 'steady', ...noStreaks })
  setTimeline(draft, atMs, outcome)
  if (!incidentOpen) return
  resolveIncident(draft, atMs, 'recovered')
  tellRecovery(draft, outcome, atMs)
}

function tellRecovery(draft: Draft, outcome: 'up' | 'degraded', atMs: number): void {
  const suppressed = count(draft, 'incident_closed', atMs)
  tell(draft, atMs, { event: 'incident.resolved', suppressed: suppressed !== 'no' })
  if (suppressed === 'begins') tell(draft, atMs, { event: 'monitor.flapping', state: outcome })
}

function takeDecision(
  draft: Draft,
  kind: 'paused' | 'resumed' | 'target_changed' | 'deleted' | 'resolved_by_person',
  atMs: number,
): void {
  const { state } = draft
  switch (kind) {
    case 'paused':
      if (state.status === 'paused') return
      leave(draft, atMs, 'paused')
      set(draft, { status: 'paused', phase: 'steady' })
      return setTimeline(draft, atMs, 'paused')
    case 'resumed':
      if (state.status !== 'paused') return
      if (state.firstUpAtMs === null) enterGrace(draft, atMs)
      else set(draft, { status: 'unknown', unknownBecause: 'resumed', phase: 'steady', lastDecisiveAtMs: null })
      setTimeline(draft, atMs, state.maintenance === null ? 'unknown' : 'maintenance')
      return plan(draft, { kind: 'now' })
    case 'target_changed':
      leave(draft, atMs, 'target_changed')
      if (state.status === 'paused') return set(draft, { firstUpAtMs: null })
      enterGrace(draft, atMs)
      setTimeline(draft, atMs, state.maintenance === null ? 'unknown' : 'maintenance')
      return plan(draft, { kind: 'now' })
    case 'deleted':
      return leave(draft, atMs, 'deleted')
    case 'resolved_by_person': {
      if (!state.incidentOpen) return
      const stillDown = state.status === 'down' || state.status === 'unknown'
      set(draft, { incidentOpen: false, armed: !stillDown })
      return tell(draft, atMs, { event: 'incident.resolved', suppressed: state.flapping.window !== null })
    }
  }
}

/** Ends what is going on because the watching itself ends or begins anew; receivers are told the end of it. */
function leave(draft: Draft, atMs: number, cause: ResolutionCause): void {
  endRun(draft, atMs)
  settleForGood(draft, atMs)
  if (!draft.state.incidentOpen) return
  resolveIncident(draft, atMs, cause)
  tell(draft, atMs, { event: 'incident.resolved', suppressed: false })
}

function enterGrace(draft: Draft, atMs: number): void {
  set(draft, {
    status: 'unknown',
    unknownBecause: 'grace',
    phase: 'grace',
    graceSinceMs: atMs,
    firstUpAtMs: null,
    armed: true,
    neverUpTold: false,
    lastDecisiveAtMs: null,
    ...noStreaks,
  })
}

function takeMaintenance(draft: Draft, atMs: number, window: { readonly untilMs: number | null } | null): void {
  const { state } = draft
  if (window === null) {
    if (state.maintenance === null) return
    set(draft, { maintenance: null })
    if (state.status !== 'paused') setTimeline(draft, atMs, standing(draft.state, atMs))
    return
  }
  if (state.maintenance !== null) return set(draft, { maintenance: { ...state.maintenance, untilMs: window.untilMs } })
  endRun(draft, atMs)
  settleForGood(draft, atMs)
  set(draft, { maintenance: { fromMs: atMs, untilMs: window.untilMs } })
  if (state.status !== 'paused') setTimeline(draft, atMs, 'maintenance')
}

/** What the last verdict still says at `atMs`. */
function standing({ status, vouchedUntilMs }: MonitorState, atMs: number): TimelineState {
  if (status === 'unknown' || status === 'paused') return status
  return vouchedUntilMs === null || vouchedUntilMs > atMs ? status : 'unknown'
}

/** A run of failures that nothing will confirm any more stays a blip. */
function endRun(draft: Draft, atMs: number): void {
  const { phase, streakStartedAtMs, status } = draft.state
  if (phase === 'confirming' && streakStartedAtMs !== null && status !== 'unknown' && streakStartedAtMs < atMs)
    draft.effects.push({ kind: 'blip', fromMs: streakStartedAtMs, toMs: atMs })
  set(draft, { phase: isInGrace(draft.state) ? 'grace' : 'steady', ...noStreaks })
}

function goStale(draft: Draft, atMs: number): void {
  set(draft, { status: 'unknown', unknownBecause: 'stale', phase: 'steady', ...noStreaks })
  if (draft.state.maintenance === null) setTimeline(draft, atMs, 'unknown')
}

function tellNeverUp(draft: Draft, atMs: number): void {
  set(draft, { neverUpTold: true })
  tell(draft, atMs, { event: 'monitor.never_up' })
}

/** One flap window is over: its summary tells the state that holds now. */
function settle(draft: Draft, atMs: number): void {
  const { flapping } = draft.state
  if (flapping.window === null) return
  const ended = endWindow(flapping.window, flapping.changesAtMs, atMs, draft.figures.flap)
  set(draft, { flapping: ended.flapping })
  tell(draft, atMs, { event: 'monitor.settled', state: tellable(draft.state), summary: ended.summary })
}

function settleForGood(draft: Draft, atMs: number): void {
  const { window } = draft.state.flapping
  set(draft, { flapping: calm })
  if (window !== null)
    tell(draft, atMs, { event: 'monitor.settled', state: tellable(draft.state), summary: toSummary(window, atMs) })
}

/** A monitor gone stale with an open incident was last known down, and that is what receivers still believe. */
function tellable({ status, incidentOpen }: MonitorState): MonitorStatus {
  return status === 'unknown' && incidentOpen ? 'down' : status
}

function count(draft: Draft, change: CountedChange, atMs: number): 'no' | 'begins' | 'goes on' {
  const verdict = countChange(draft.state.flapping, change, atMs, draft.figures.flap)
  set(draft, { flapping: verdict.flapping })
  if (verdict.notice === 'normal') return 'no'
  return verdict.begins ? 'begins' : 'goes on'
}

function resolveIncident(draft: Draft, resolvedAtMs: number, cause: ResolutionCause): void {
  set(draft, { incidentOpen: false })
  draft.effects.push({ kind: 'incident_resolved', resolvedAtMs, cause })
}

/** A verdict stands until the next check, but for at most twice the spacing and one time-out. */
function vouch(draft: Draft, atMs: number): void {
  const { rules } = draft
  set(draft, { vouchedUntilMs: rules.vouchesUntilDeadline ? null : atMs + 2 * spacingMs(draft) + rules.timeoutMs })
}

function spacingMs({ state, rules, figures }: Draft): number {
  if (state.phase === 'confirming' || state.phase === 'recovering') return rules.confirmSpacingMs
  return state.status === 'down' ? Math.min(rules.intervalMs, figures.downSpacingMsMax) : rules.intervalMs
}

function planNext(draft: Draft, verdict: Verdict): void {
  const { phase } = draft.state
  if (phase === 'grace' || phase === 'steady') return plan(draft, { kind: 'grid' })
  const notBeforeMs = Math.max(verdict.startedAtMs + draft.rules.confirmSpacingMs, verdict.endedAtMs + 1_000)
  plan(draft, { kind: phase === 'confirming' ? 'confirm' : 'recover', notBeforeMs })
}

function plan(draft: Draft, next: NextCheck): void {
  draft.effects.push({ kind: 'next', next })
}

function tell(draft: Draft, atMs: number, notice: Notice): void {
  draft.effects.push({ kind: 'notice', atMs, notice })
}

function setTimeline(draft: Draft, fromMs: number, state: TimelineState): void {
  if (draft.state.timeline === state) return
  draft.effects.push({ kind: 'timeline', edit: { fromMs, state } })
  set(draft, { timeline: state, timelineFromMs: fromMs })
}

function isInGrace({ status, unknownBecause }: MonitorState): boolean {
  return status === 'unknown' && unknownBecause === 'grace'
}

const noStreaks = { downStreak: 0, upStreak: 0, degradedStreak: 0, streakStartedAtMs: null, turnStartedAtMs: null }

function set(draft: Draft, change: Partial<MonitorState>): void {
  draft.state = { ...draft.state, ...change }
}
