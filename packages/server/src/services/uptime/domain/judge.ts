import type { Effect } from './effects.ts'
import { applyDecision, type Decision, coverWithMaintenance } from './judge-decision.ts'
import { elapse, firstTimer, loseSight } from './judge-time.ts'
import { takeVerdict } from './judge-verdict.ts'
import type { Draft, JudgeFigures } from './judge-draft.ts'
import type { MonitorState, Rules, Verdict } from './monitor.ts'

export { type JudgeFigures, spacingMs } from './judge-draft.ts'

export type MonitorEvent =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** Time has passed without an event. */
  | { readonly kind: 'tick'; readonly atMs: number }
  /** The clock stepped back: the last verdict lies in the future, and says nothing about the present. */
  | { readonly kind: 'sight_lost'; readonly atMs: number }
  | { readonly kind: Decision; readonly atMs: number }
  /** The windows that cover the monitor now, merged into one: the end (null: ended manually), or null if none does. */
  | {
      readonly kind: 'maintenance'
      readonly atMs: number
      readonly window: { readonly untilMs: number | null } | null
    }

export type Judgement = { readonly state: MonitorState; readonly effects: readonly Effect[] }

/**
 * Applies one event to the state of a monitor (specification 3.2 to 3.7). Events come in order. Changes that time
 * alone causes before an event are applied first, so that a late tick, a restart or a repeated run give the same
 * history.
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

/** The next time at which a change happens without an event, or null. */
export function wakeAtMs(state: MonitorState, rules: Rules, figures: JudgeFigures): number | null {
  const { atMs } = firstTimer(state, rules, figures)
  return atMs === Infinity ? null : atMs
}

/**
 * Whether a manual check, which counts in no streak, shows something new, so that a regular check must follow now.
 * While a failure is being confirmed the next re-check is near, and an extra one would shorten the agreed spacing.
 */
export function isManualCheckNews({ status, phase }: MonitorState, outcome: Verdict['outcome']): boolean {
  if (outcome === 'unknown' || status === 'paused' || phase === 'confirming') return false
  return outcome !== status
}
