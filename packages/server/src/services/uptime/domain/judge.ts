import type { Effect } from './effects.ts'
import { applyDecision, type Decision, coverWithMaintenance } from './judge-decision.ts'
import { elapse, firstTimer, loseSight } from './judge-time.ts'
import { takeVerdict } from './judge-verdict.ts'
import type { Draft, JudgeFigures } from './judge-draft.ts'
import type { MonitorState, Rules, Verdict } from './monitor.ts'

export { type JudgeFigures, spacingMs } from './judge-draft.ts'

export type MonitorEvent =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** Nothing but time has passed. */
  | { readonly kind: 'tick'; readonly atMs: number }
  /** The clock stepped back: what was seen last lies in the future, and says nothing of the present. */
  | { readonly kind: 'sight_lost'; readonly atMs: number }
  | { readonly kind: Decision; readonly atMs: number }
  /** The windows that now cover the monitor, as one: until when (null: until ended by hand), or null when none does. */
  | {
      readonly kind: 'maintenance'
      readonly atMs: number
      readonly window: { readonly untilMs: number | null } | null
    }

export type Judgement = { readonly state: MonitorState; readonly effects: readonly Effect[] }

/**
 * Folds one event into the state of a monitor (specification 3.2 to 3.7). Events come in order; what time alone brings
 * about before an event happens first, so that a late tick, a restart or a second fold give the same history.
 */
export function judge(
  state: MonitorState,
  event: MonitorEvent,
  rules: Rules,
  figures: JudgeFigures,
): Judgement {
  const draft: Draft = { state: { ...state }, effects: [], rules, figures }
  switch (event.kind) {
    case 'verdict':
      takeVerdict(draft, event.verdict)
      break
    case 'tick':
      elapse(draft, event.atMs)
      break
    case 'sight_lost':
      elapse(draft, event.atMs)
      loseSight(draft, event.atMs)
      break
    case 'maintenance':
      elapse(draft, event.atMs)
      coverWithMaintenance(draft, event.atMs, event.window)
      break
    case 'paused':
    case 'resumed':
    case 'target_changed':
    case 'deleted':
    case 'resolved_by_person':
      elapse(draft, event.atMs)
      applyDecision(draft, event.kind, event.atMs)
      break
  }
  return { state: draft.state, effects: draft.effects }
}

/** The next moment at which time alone changes something, or null. */
export function wakeAtMs(state: MonitorState, rules: Rules, figures: JudgeFigures): number | null {
  const { atMs } = firstTimer(state, rules, figures)
  return atMs === Infinity ? null : atMs
}

/**
 * Whether a manual check, which moves no streak, tells something new, so that the monitor must be looked at now. While
 * confirming, the next re-check is near, and an extra one would confirm on less than the agreed spacing.
 */
export function isManualCheckNews({ status, phase }: MonitorState, outcome: Verdict['outcome']): boolean {
  if (outcome === 'unknown' || status === 'paused' || phase === 'confirming') return false
  return outcome !== status
}
