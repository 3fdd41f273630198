import { instant } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { oversightPolicy } from '../policy.ts'
import {
  between,
  caseId,
  decision,
  domain,
  epochMs,
  eventCount,
  hash,
  label,
  operatorId,
  optional,
  requestId,
  scenarioType,
  sessionId,
  share,
} from './fields.ts'

const msMax = oversightPolicy.timeToDecisionMsMax

/** Fractions are rounded half up to whole milliseconds. */
export const decisionTime = z
  .number({ error: between(0, msMax) })
  .min(0, between(0, msMax))
  .max(msMax, between(0, msMax))
  .transform((ms) => Math.floor(ms + 0.5))

const initialDecision = z
  .strictObject({
    agrees_with_ai: z.boolean(),
    correct: optional(z.boolean()),
    value: optional(z.number()),
    ai_value: optional(z.number()),
    final_value: optional(z.number()),
  })
  .superRefine(({ value, ai_value: ai, final_value: final }, context) => {
    const sent = Object.entries({ value, ai_value: ai, final_value: final })
    const missing = sent.filter(([, one]) => one === null)
    if (missing.length === 0 || missing.length === 3) return
    for (const [name] of missing)
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'value, ai_value and final_value are sent all three or none',
      })
  })

const opaque = z.string().min(1).max(256)

/** Evidence that a screen sent to this server through the telemetry endpoints. */
export const behavioralAttestation = z.strictObject({
  nonce: opaque,
  nonce_signature: opaque,
  issued_at_ms: z.int(),
  expires_at_ms: z.int(),
})

export type BehavioralAttestation = z.output<typeof behavioralAttestation>

/** A proof by the operator over exactly this decision. */
export const attestation = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('passkey'),
    nonce: opaque,
    credential_id: z.string().max(1_024),
    authenticator_data: z.string().max(4_096),
    client_data_json: z.string().max(4_096),
    signature: z.string().max(2_048),
    subject_hash: optional(hash),
  }),
  z.strictObject({
    method: z.literal('session'),
    nonce: opaque,
    proof: opaque,
    subject_hash: optional(hash),
  }),
])

export type Attestation = z.output<typeof attestation>

/** Members that scores and commits share. */
export const observed = {
  hover_events: optional(eventCount),
  scroll_depth: optional(share),
  alternative_views_checked: optional(eventCount),
  outcome_correct: optional(z.boolean()),
  ai_correct: optional(z.boolean()),
  operator_confidence: optional(share),
  initial_decision: optional(initialDecision),
}

const metadata = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  if (Buffer.byteLength(JSON.stringify(value)) <= oversightPolicy.metadataBytesMax) return
  const message = `must be at most ${oversightPolicy.metadataBytesMax} bytes of JSON`
  context.addIssue({ code: 'custom', message })
})

const interactionMembers = {
  ai_recommendation_presented: z.boolean(),
  ai_available: z.boolean(),
  time_to_decision_ms: decisionTime,
  decision,
  modification_extent: share,
  scenario_type: scenarioType,
  ...observed,
  decision_metadata: optional(metadata),
  presentation_timestamp: optional(epochMs),
  first_engagement_timestamp: optional(epochMs),
  decision_initiated_timestamp: optional(epochMs),
  commit_confirmed_timestamp: optional(epochMs),
  behavioral_attestation: optional(behavioralAttestation),
  /** When the decision was made; if absent, the time of receipt. */
  client_ts: optional(instant),
}

/** One decision with its duration and what was viewed, and, if known, who was right. */
export const interactionBody = z.strictObject(interactionMembers).superRefine(refuseContradictions)

export type InteractionBody = z.output<typeof interactionBody>

const { decision: _decision, ...reviewedMembers } = interactionMembers

/** A review as an interaction: its decision is derived from the reviewer's action. */
export const reviewedInteraction = z.strictObject(reviewedMembers)

/** One interaction of a batch, with the members that can name it. */
export const batchItem = z
  .strictObject({
    ...interactionMembers,
    session_id: optional(sessionId),
    request_id: optional(requestId),
    case_id: optional(caseId),
    label: optional(label),
  })
  .superRefine(refuseContradictions)

export type BatchItem = z.output<typeof batchItem>

/** One line of an import: an interaction that names its operator and its session. */
export const importLine = z
  .strictObject({
    ...withoutEvidence(interactionMembers),
    operator_id: operatorId,
    domain,
    session_id: sessionId,
    request_id: optional(requestId),
    case_id: optional(caseId),
    label: optional(label),
    client_ts: instant,
  })
  .superRefine(refuseContradictions)

/** Imported decisions are in the past, so this server cannot have observed them. */
function withoutEvidence({ behavioral_attestation: _none, ...members }: typeof interactionMembers) {
  return members
}

export type Claims = Pick<
  InteractionBody,
  'outcome_correct' | 'ai_correct' | 'initial_decision' | 'decision'
> & {
  readonly scenario_type?: InteractionBody['scenario_type']
}

/**
 * Refuses members that contradict each other; the error names both (specification 15). `root` is prepended to the
 * names if given.
 */
export function refuseContradictions(
  body: Claims,
  context: Pick<z.RefinementCtx, 'addIssue'>,
  root: readonly string[] = [],
): void {
  const refuse = (a: string, b: string): void => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      context.addIssue({
        code: 'custom',
        path: [...root, ...one.split('.')],
        message: `contradicts ${other}`,
      })
  }
  const { outcome_correct: outcome, ai_correct: ai, initial_decision: initial } = body
  if (body.scenario_type === 'trap' && ai === true) refuse('scenario_type', 'ai_correct')
  if (ai === null) return
  if (body.decision === 'accepted' && outcome !== null && outcome !== ai)
    refuse('outcome_correct', 'ai_correct')
  if (initial?.agrees_with_ai === true && initial.correct !== null && initial.correct !== ai)
    refuse('initial_decision.correct', 'ai_correct')
}
