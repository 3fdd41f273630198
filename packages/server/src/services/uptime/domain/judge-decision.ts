import type { ResolutionCause } from './effects.ts'
import { calm } from './flapping.ts'
import {
  clearStreaks,
  type Draft,
  endFailures,
  plan,
  resolveIncident,
  setTimeline,
  standingState,
  tell,
} from './judge-draft.ts'
import { endMaintenance, settleForGood } from './judge-time.ts'

export type Decision = 'paused' | 'resumed' | 'target_changed' | 'deleted' | 'resolved_by_person'

/** Applies a decision about a monitor (specification 3.4, 3.5). */
export function applyDecision(draft: Draft, decision: Decision, atMs: number): void {
  switch (decision) {
    case 'paused':
      return pause(draft, atMs)
    case 'resumed':
      return resume(draft, atMs)
    case 'target_changed':
      return changeTarget(draft, atMs)
    case 'deleted':
      return leave(draft, atMs, 'deleted')
    case 'resolved_by_person':
      return resolveByPerson(draft, atMs)
  }
}

/** The windows that cover the monitor from now on, merged into one; null if none does any more. */
export function coverWithMaintenance(
  draft: Draft,
  atMs: number,
  window: { readonly untilMs: number | null } | null,
): void {
  const { state } = draft
  if (window === null) {
    if (state.maintenance !== null) endMaintenance(draft, atMs)
    return
  }
  if (state.maintenance !== null) {
    state.maintenance = { ...state.maintenance, untilMs: window.untilMs }
    return
  }
  endFailures(draft, atMs)
  clearStreaks(draft)
  settleForGood(draft, atMs)
  state.maintenance = { fromMs: atMs, untilMs: window.untilMs }
  setTimeline(draft, atMs, standingState(state, atMs))
  if (state.status !== 'paused') plan(draft, { kind: 'grid' })
}

function pause(draft: Draft, atMs: number): void {
  const { state } = draft
  if (state.status === 'paused') return
  leave(draft, atMs, 'paused')
  state.status = 'paused'
  state.phase = 'steady'
  state.lastOutcome = null
  setTimeline(draft, atMs, 'paused')
}

/** A monitor that has never been up starts its grace period again, so that it does not open an incident now either. */
function resume(draft: Draft, atMs: number): void {
  const { state } = draft
  if (state.status !== 'paused') return
  state.status = 'unknown'
  state.lastDecisiveAtMs = null
  if (state.firstUpAtMs === null) {
    state.phase = 'grace'
    state.graceSinceMs = atMs
  }
  setTimeline(draft, atMs, standingState(state, atMs))
  plan(draft, { kind: 'now' })
}

function changeTarget(draft: Draft, atMs: number): void {
  const { state } = draft
  leave(draft, atMs, 'target_changed')
  // The history of the old target says nothing about the new one.
  state.flapping = calm
  state.firstUpAtMs = null
  state.armed = true
  state.neverUpTold = false
  state.lastDecisiveAtMs = null
  state.lastOutcome = null
  if (state.status === 'paused') return
  state.status = 'unknown'
  state.phase = 'grace'
  state.graceSinceMs = atMs
  setTimeline(draft, atMs, standingState(state, atMs))
  plan(draft, { kind: 'now' })
}

/** Ends an incident because monitoring itself ends or restarts; those notified of it are notified of the end. */
function leave(draft: Draft, atMs: number, cause: ResolutionCause): void {
  const { state } = draft
  endFailures(draft, atMs)
  clearStreaks(draft)
  settleForGood(draft, atMs)
  state.outageStartedAtMs = null
  if (!state.incidentOpen) return
  resolveIncident(draft, atMs, cause)
  tell(draft, atMs, {
    event: 'incident.resolved',
    state: cause === 'paused' ? 'paused' : 'unknown',
    suppressed: false,
  })
}

/**
 * The incident is resolved already; this updates the monitor's state. The flap window ends first: its summary would
 * otherwise report the monitor as down afterwards, and no later recovery would correct it.
 */
function resolveByPerson(draft: Draft, atMs: number): void {
  const { state } = draft
  if (!state.incidentOpen) return
  settleForGood(draft, atMs)
  state.incidentOpen = false
  const isStillDown = state.status === 'down'
  if (isStillDown) state.armed = false
  // No notification will follow when it is up again, so this one must not say that it is down.
  tell(draft, atMs, {
    event: 'incident.resolved',
    state: isStillDown ? 'unknown' : state.status,
    suppressed: false,
  })
}
