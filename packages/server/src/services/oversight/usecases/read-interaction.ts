import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { InteractionBody } from '../contract/interaction-shape.ts'
import type { Interaction } from '../domain/interaction.ts'
import { permille } from '../domain/rounding.ts'
import { oversightPolicy } from '../policy.ts'
import type { Beside } from '../store/tables.ts'

/** An interaction as received, before anything about its operator was read. */
export type ReadInteraction = {
  readonly interaction: Interaction
  readonly beside: Beside | null
  readonly occurredAtMs: number
  readonly warnings: readonly string[]
}

const dayMs = 86_400_000

/** UTC day number since 1970-01-01. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs)
}

export function readInteraction(body: InteractionBody, nowMs: number): ReadInteraction {
  const { beside, warnings } = readBeside(body)
  return {
    interaction: toInteraction(body),
    beside,
    occurredAtMs: body.client_ts ?? nowMs,
    warnings,
  }
}

export function toInteraction(
  body: Omit<
    InteractionBody,
    | 'client_ts'
    | 'decision_metadata'
    | 'presentation_timestamp'
    | 'first_engagement_timestamp'
    | 'decision_initiated_timestamp'
    | 'commit_confirmed_timestamp'
    | 'behavioral_attestation'
  >,
): Interaction {
  const initial = body.initial_decision
  return {
    aiRecommendationPresented: body.ai_recommendation_presented,
    aiAvailable: body.ai_available,
    timeToDecisionMs: body.time_to_decision_ms,
    decision: body.decision,
    modificationExtent: permille(body.modification_extent),
    scenarioType: body.scenario_type,
    outcomeCorrect: body.outcome_correct,
    hoverEvents: body.hover_events,
    scrollDepth: toPermille(body.scroll_depth),
    alternativeViewsChecked: body.alternative_views_checked,
    aiCorrect: body.ai_correct,
    operatorConfidence: toPermille(body.operator_confidence),
    initialDecision:
      initial === null
        ? null
        : {
            agreesWithAi: initial.agrees_with_ai,
            correct: initial.correct,
            values:
              initial.value === null || initial.ai_value === null || initial.final_value === null
                ? null
                : { value: initial.value, aiValue: initial.ai_value, finalValue: initial.final_value },
          },
  }
}

export function toPermille(share: number | null): number | null {
  return share === null ? null : permille(share)
}

/** A client's time may be neither far in the future nor older than the longest retention. */
export function judgeClientTime(atMs: number | null, nowMs: number, field: string): FieldFault | undefined {
  if (atMs === null) return undefined
  const { aheadMsMax, monthsBackMax } = oversightPolicy.clientTime
  if (atMs > nowMs + aheadMsMax)
    return { field, message: `must be at most ${aheadMsMax / 60_000} minutes ahead` }
  const earliest = new Date(nowMs)
  earliest.setUTCMonth(earliest.getUTCMonth() - monthsBackMax)
  if (atMs < earliest.getTime()) return { field, message: `must be at most ${monthsBackMax} months ago` }
  return undefined
}

/**
 * SHA-256 over operator, domain and inputs as sent, without nulls and attestations. Equal hashes mean a repeated
 * request.
 */
export function toContentHash(operatorId: string, domain: string, body: InteractionBody): string {
  return sha256Hex(toCanonicalJson({ operator_id: operatorId, domain, inputs: withoutNulls(body) }))
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null || member === undefined || name === 'behavioral_attestation'
        ? []
        : [[name, withoutNulls(member)]],
    ),
  )
}

const keptMetadata = { escalated: 'boolean', routed_to_role: 64, deferred_reason: 256 } as const

function readBeside(body: InteractionBody): {
  readonly beside: Beside | null
  readonly warnings: readonly string[]
} {
  const stamps = {
    presentedAtMs: body.presentation_timestamp,
    engagedAtMs: body.first_engagement_timestamp,
    initiatedAtMs: body.decision_initiated_timestamp,
    confirmedAtMs: body.commit_confirmed_timestamp,
  }
  const phases = toPhases(stamps)
  const { kept, isDropped } = keepMetadata(body.decision_metadata)
  const isEmpty = Object.values(stamps).every((stamp) => stamp === null) && kept === null
  return {
    beside: isEmpty ? null : { stamps, phases: phases === 'inverted' ? null : phases, metadata: kept },
    warnings: [
      ...(phases === 'inverted' ? ['timestamps_inverted'] : []),
      ...(isDropped ? ['metadata_dropped'] : []),
    ],
  }
}

function toPhases(stamps: Beside['stamps']): Beside['phases'] | 'inverted' {
  const { presentedAtMs, engagedAtMs, initiatedAtMs, confirmedAtMs } = stamps
  const sent = [presentedAtMs, engagedAtMs, initiatedAtMs, confirmedAtMs].filter((stamp) => stamp !== null)
  if (sent.some((stamp, at) => at > 0 && stamp < (sent[at - 1] ?? 0))) return 'inverted'
  if (presentedAtMs === null || engagedAtMs === null || initiatedAtMs === null || confirmedAtMs === null)
    return null
  return {
    readMs: engagedAtMs - presentedAtMs,
    deliberateMs: initiatedAtMs - engagedAtMs,
    verifyMs: confirmedAtMs - initiatedAtMs,
  }
}

/** Keeps three known members if they have the right type and can be stored; others are dropped, and the reply says so. */
function keepMetadata(metadata: InteractionBody['decision_metadata']): {
  readonly kept: Beside['metadata']
  readonly isDropped: boolean
} {
  if (metadata === null) return { kept: null, isDropped: false }
  const kept = Object.entries(metadata).filter((entry): entry is [string, boolean | string] => {
    const [name, value] = entry
    if (name === 'escalated') return typeof value === keptMetadata.escalated
    if (name !== 'routed_to_role' && name !== 'deferred_reason') return false
    return typeof value === 'string' && value.length <= keptMetadata[name] && !value.includes('\0')
  })
  return {
    kept: kept.length === 0 ? null : Object.fromEntries(kept),
    isDropped: kept.length < Object.keys(metadata).length,
  }
}
