import {
  backdateRun,
  clearStreaks,
  countFlap,
  type Draft,
  endFailures,
  extendRun,
  plan,
  resolveIncident,
  setTimeline,
  spacingMs,
  standingState,
  tell,
  tellFlapping,
  tellQuality,
} from './judge-draft.ts'
import { elapseUntilVerdict } from './judge-time.ts'
import type { Verdict } from './monitor.ts'

type Ok = 'up' | 'degraded'

/** A verdict as it counts: valid from `fromMs`, confirming changes at `atMs`. */
type Counted = { readonly fromMs: number; readonly atMs: number }

export function takeVerdict(draft: Draft, verdict: Verdict): void {
  const { state } = draft
  elapseUntilVerdict(draft, verdict.startedAtMs, verdict.endedAtMs)
  // A check that was running when the monitor was paused no longer counts.
  if (state.status === 'paused') return
  // After the clock stepped back, a verdict must not rewrite the existing timeline.
  const fromMs = Math.max(verdict.startedAtMs, state.timelineFromMs, state.lastVerdictAtMs)
  const counted: Counted = { fromMs, atMs: Math.max(verdict.endedAtMs, fromMs) }
  state.lastVerdictAtMs = fromMs
  state.lastOutcome = verdict.outcome
  if (verdict.outcome === 'unknown') {
    if (state.run.length > 0) extendRun(draft, fromMs, false)
  } else {
    state.lastDecisiveAtMs = fromMs
    if (state.maintenance !== null) takeInMaintenance(draft, verdict.outcome, counted)
    else if (verdict.outcome === 'down') takeDown(draft, counted)
    else takeOk(draft, verdict.outcome, counted)
  }
  vouch(draft, verdict, fromMs)
  setTimeline(draft, fromMs, standingState(state, fromMs))
  tellQuality(draft, counted.atMs)
  planNext(draft, verdict)
}

/** During maintenance nothing is counted, but readers who were notified of "down" are notified when it is over. */
function takeInMaintenance(
  draft: Draft,
  outcome: 'up' | 'degraded' | 'down',
  { fromMs, atMs }: Counted,
): void {
  const { state } = draft
  if (outcome === 'down') return
  const isTurn = state.status === 'up' || state.status === 'degraded'
  if (!isTurn) becomeOk(draft, outcome, fromMs)
  if (!state.incidentOpen) return
  resolveIncident(draft, fromMs, 'recovered')
  tell(draft, atMs, { event: 'incident.resolved', state: state.status, suppressed: false })
}

function takeDown(draft: Draft, counted: Counted): void {
  const { state, rules } = draft
  if (state.phase === 'grace') return
  if (state.status === 'down') return clearStreaks(draft)
  if (state.status === 'unknown' && state.incidentOpen) {
    clearStreaks(draft)
    state.status = 'down'
    return
  }
  if (state.phase !== 'confirming') clearStreaks(draft)
  state.phase = 'confirming'
  state.downStreak += 1
  extendRun(draft, counted.fromMs, true)
  if (state.downStreak >= rules.downThreshold) confirmDown(draft, counted)
}

function confirmDown(draft: Draft, { fromMs, atMs }: Counted): void {
  const { state } = draft
  const startedAtMs = state.run[0]?.fromMs ?? fromMs
  backdateRun(draft, 'down')
  clearStreaks(draft)
  state.status = 'down'
  state.outageStartedAtMs = startedAtMs
  if (!state.armed) return
  state.incidentOpen = true
  draft.effects.push({ kind: 'incident_opened', startedAtMs, confirmedAtMs: atMs })
  const suppressed = countFlap(draft, 'incident_opened', atMs, startedAtMs)
  tell(draft, atMs, { event: 'incident.created', state: 'down', suppressed })
  tellFlapping(draft, atMs)
}

function takeOk(draft: Draft, outcome: Ok, counted: Counted): void {
  const { state } = draft
  switch (state.status) {
    case 'down':
      return takeRecovery(draft, outcome, counted)
    case 'up':
    case 'degraded':
      if (state.phase !== 'confirming') return takeTurn(draft, outcome, counted)
      endFailures(draft, counted.fromMs)
      clearStreaks(draft)
      return shift(draft, outcome, counted)
    case 'unknown':
    case 'paused':
      if (state.phase === 'confirming') {
        // After unknown time, the timeline is rewritten only now that the monitor is known to have been up except for a
        // blip.
        backdateRun(draft, 'up')
        endFailures(draft, counted.fromMs)
      }
      becomeOk(draft, outcome, counted.fromMs)
      return tellRecovery(draft, counted.fromMs, counted.atMs)
  }
}

/**
 * A recovery can require several successful checks in a row. After a manual resolution nobody needs to be notified,
 * so one is enough.
 */
function takeRecovery(draft: Draft, outcome: Ok, { fromMs, atMs }: Counted): void {
  const { state, rules } = draft
  state.upStreak += 1
  extendRun(draft, fromMs, true)
  if (state.incidentOpen && state.upStreak < rules.upThreshold) {
    state.phase = 'recovering'
    return
  }
  const recoveredAtMs = state.run[0]?.fromMs ?? fromMs
  backdateRun(draft, outcome)
  becomeOk(draft, outcome, recoveredAtMs)
  tellRecovery(draft, recoveredAtMs, atMs)
}

/** Up and degraded change into each other only after the number of verdicts that their thresholds require. */
function takeTurn(draft: Draft, outcome: Ok, counted: Counted): void {
  const { state, rules } = draft
  if (outcome === state.status) return clearStreaks(draft)
  state.degradedStreak = outcome === 'degraded' ? state.degradedStreak + 1 : 0
  state.upStreak = outcome === 'up' ? state.upStreak + 1 : 0
  extendRun(draft, counted.fromMs, true)
  const isEnough =
    outcome === 'degraded' ? state.degradedStreak >= rules.downThreshold : state.upStreak >= rules.upThreshold
  if (!isEnough) return
  backdateRun(draft, outcome)
  clearStreaks(draft)
  shift(draft, outcome, counted)
}

/**
 * Changes between up and degraded. Notified, and counted by the flapping guard, only if the monitor's settings say
 * so.
 */
function shift(draft: Draft, to: Ok, { fromMs, atMs }: Counted): void {
  const { state, rules } = draft
  if (state.status === to) return
  state.status = to
  if (!rules.notifyDegraded) return
  const suppressed = countFlap(draft, to === 'degraded' ? 'degraded' : 'improved', atMs, fromMs)
  if (!suppressed) return
  tell(draft, atMs, { event: to === 'degraded' ? 'monitor.degraded' : 'monitor.improved', suppressed })
  tellFlapping(draft, atMs)
}

function becomeOk(draft: Draft, outcome: Ok, fromMs: number): void {
  const { state } = draft
  state.phase = 'steady'
  clearStreaks(draft)
  state.status = outcome
  state.firstUpAtMs ??= fromMs
  state.armed = true
  state.outageStartedAtMs = null
}

function tellRecovery(draft: Draft, resolvedAtMs: number, atMs: number): void {
  const { state } = draft
  if (!state.incidentOpen) return
  resolveIncident(draft, resolvedAtMs, 'recovered')
  const suppressed = countFlap(draft, 'incident_closed', atMs, resolvedAtMs)
  tell(draft, atMs, { event: 'incident.resolved', state: state.status, suppressed })
  tellFlapping(draft, atMs)
}

/**
 * Sets how long a verdict is valid: until the next check, but at most twice the interval plus one time-out
 * (specification 5.5).
 */
function vouch({ state, rules, figures }: Draft, { outcome, vouchesUntilMs }: Verdict, fromMs: number): void {
  if (rules.vouchesUntilDeadline) state.vouchedUntilMs = outcome === 'up' ? (vouchesUntilMs ?? null) : null
  else state.vouchedUntilMs = fromMs + 2 * spacingMs(state, rules, figures, fromMs) + rules.timeoutMs
}

function planNext(draft: Draft, { startedAtMs, endedAtMs }: Verdict): void {
  const { rules, figures } = draft
  const { phase, maintenance } = draft.state
  if (maintenance !== null || phase === 'grace' || phase === 'steady') return plan(draft, { kind: 'grid' })
  const notBeforeMs = Math.max(startedAtMs + rules.confirmSpacingMs, endedAtMs + figures.recheckPauseMs)
  plan(draft, { kind: phase === 'confirming' ? 'confirm' : 'recover', notBeforeMs })
}
