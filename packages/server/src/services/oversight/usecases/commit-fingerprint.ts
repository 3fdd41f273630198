import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { CommitBody } from '../contract/scoring.ts'

/** The six members that are always part of the fingerprint. An absent one is null; an absent extent is 0. */
export type SixMembers = {
  readonly decision: string
  readonly modification_extent: number | null
  readonly hover_events: number | null
  readonly scroll_depth: number | null
  readonly alternative_views_checked: number | null
  readonly outcome_correct: boolean | null
}

/** Identifies the content of a commit: hex SHA-256 of the canonical six and of all other members sent (wire 3.4). */
export function toFingerprint(six: SixMembers, others: Readonly<Record<string, unknown>> = {}): string {
  return sha256Hex(
    toCanonicalJson({
      alternative_views_checked: six.alternative_views_checked,
      decision: six.decision,
      hover_events: six.hover_events,
      modification_extent: six.modification_extent ?? 0,
      outcome_correct: six.outcome_correct,
      scroll_depth: six.scroll_depth,
      ...others,
    }),
  )
}

export function fingerprintOfCommit(body: CommitBody): string {
  const { ai_correct: ai, operator_confidence: confidence, initial_decision: initial } = body
  const sent = {
    time_to_decision_ms: body.time_to_decision_ms,
    ai_correct: ai,
    operator_confidence: confidence,
    initial_decision: initial === null ? null : withoutNulls(initial),
  }
  return toFingerprint(body, withoutNulls(sent))
}

function withoutNulls(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}
