import { addsOnceTool, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { oversightPolicy } from '../policy.ts'
import { batchReply, envelope, evidence, receipt, scoreReply, time } from './blocks.ts'
import {
  caseId,
  decision,
  domain,
  label,
  operatorId,
  optional,
  requestId,
  sessionId,
  share,
} from './fields.ts'
import {
  attestation,
  batchItem,
  behavioralAttestation,
  decisionTime,
  interactionBody,
  observed,
  refuseContradictions,
} from './interaction-shape.ts'

const tag = 'scoring'
const writes = { kind: 'key', scope: 'scores:write' } as const
const reads = { kind: 'key', scope: 'operators:read' } as const

/** The reply members about the operator's hypothetical standing. There is no receipt, because nothing was recorded. */
const shownAhead = [
  'displayed_jis',
  'provisional',
  'provisional_reason',
  'jis_interval',
  'minimum_data_met',
  'withheld',
  'outcome_known',
  'duplicate',
  'warnings',
] as const

const exampleInteraction = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  hover_events: 2,
  scroll_depth: 0.7,
  alternative_views_checked: 1,
}

const scoreMode = z.strictObject({ mode: z.enum(['full', 'lite']).default('full') })

export const scoreBody = z.strictObject({
  session_id: sessionId,
  operator_id: operatorId,
  domain,
  interaction: interactionBody,
  request_id: optional(requestId),
  final: optional(z.boolean()),
  case_id: optional(caseId),
  label: optional(label),
  attestation: optional(attestation),
})

export type ScoreBody = z.output<typeof scoreBody>

export const scoreInteraction = defineEndpoint({
  method: 'POST',
  path: '/v1/score',
  id: 'scoreInteraction',
  summary: 'Record one decision with AI advice and read the updated score of its operator',
  tag,
  access: writes,
  query: scoreMode,
  body: scoreBody,
  example: {
    body: {
      session_id: 'sess-001',
      operator_id: 'analyst-42',
      domain: 'financial',
      interaction: exampleInteraction,
    },
  },
  tool: {
    name: 'score_interaction',
    annotations: addsOnceTool,
    preview: {
      says: 'One decision would be recorded for good, with a receipt, and counted in the score of its operator',
      shows: shownAhead,
    },
  },
  reply: { status: 200, schema: scoreReply },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID', 'SESSION_CONFLICT', 'OPERATOR_ERASED'],
})

const itemsMax = oversightPolicy.batchItemsMax

export const batchBody = z.strictObject({
  session_id: sessionId,
  operator_id: operatorId,
  domain,
  interactions: z
    .array(batchItem)
    .min(1, `must hold 1 to ${itemsMax} interactions`)
    .max(itemsMax, `must hold 1 to ${itemsMax} interactions`),
})

export type BatchBody = z.output<typeof batchBody>

export const scoreBatch = defineEndpoint({
  method: 'POST',
  path: '/v1/score/batch',
  id: 'scoreBatch',
  summary: 'Record up to 100 decisions of one operator atomically',
  tag,
  access: writes,
  body: batchBody,
  example: {
    body: {
      session_id: 'sess-001',
      operator_id: 'analyst-42',
      domain: 'financial',
      interactions: [exampleInteraction],
    },
  },
  bodyBytesMax: oversightPolicy.batchBytesMax,
  tool: {
    name: 'score_batch',
    annotations: addsOnceTool,
    preview: {
      says: 'All of these decisions would be recorded for good, with one receipt, each counted after the one before it',
      shows: ['operator_id', 'count', 'minimum_data_met', 'withheld'],
    },
  },
  reply: { status: 200, schema: batchReply },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID', 'SESSION_CONFLICT', 'OPERATOR_ERASED'],
})

const bySession = z.strictObject({ session_id: sessionId })

export const commitBody = z
  .strictObject({
    decision: decision.exclude(['defer'], {
      error: 'must be accepted, modified, rejected or independent; how it turned out goes to …/outcome',
    }),
    modification_extent: optional(share),
    ...observed,
    time_to_decision_ms: optional(decisionTime),
    behavioral_attestation: optional(behavioralAttestation),
    attestation: optional(attestation),
  })
  .superRefine(refuseContradictions)

export type CommitBody = z.output<typeof commitBody>

export const commitScore = defineEndpoint({
  method: 'POST',
  path: '/v1/score/{session_id}/commit',
  id: 'commitScore',
  summary: 'Record the final decision of an open interaction',
  tag,
  access: writes,
  params: bySession,
  body: commitBody,
  example: { body: { decision: 'modified', modification_extent: 0.3 } },
  reply: { status: 200, schema: scoreReply },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'ALREADY_COMMITTED'],
})

export const outcomeBody = z.strictObject({
  outcome_correct: z.boolean(),
  ai_correct: optional(z.boolean()),
})

export type OutcomeBody = z.output<typeof outcomeBody>

export const reportOutcome = defineEndpoint({
  method: 'POST',
  path: '/v1/score/{session_id}/outcome',
  id: 'reportOutcome',
  summary: 'Report whether a decision turned out to be correct',
  tag,
  access: writes,
  params: bySession,
  body: outcomeBody,
  example: { body: { outcome_correct: true } },
  reply: { status: 200, schema: scoreReply },
  problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'DECISION_STILL_OPEN', 'OUTCOME_ALREADY_REPORTED'],
})

/** The result as the receipt commits to it; `jis` is null if it was withheld. */
const shownResult = z.looseObject({ jis: z.number().nullable() })

const milliseconds = z.number().nullable()

export const storedInteraction = z.strictObject({
  interaction_id: z.string(),
  session_id: z.string(),
  operator_id: z.string(),
  domain,
  request_id: z.string().nullable(),
  case_id: z.string().nullable(),
  label: z.string().nullable(),
  inputs: z.looseObject({}),
  state: z.enum(['open', 'committed', 'excluded']),
  phases: z
    .strictObject({ read_ms: milliseconds, deliberate_ms: milliseconds, verify_ms: milliseconds })
    .nullable(),
  evidence,
  received_at: time,
  occurred_at: time,
  shown: shownResult,
  receipt,
})

export type StoredInteractionReply = z.input<typeof storedInteraction>

export const getScore = defineEndpoint({
  method: 'GET',
  path: '/v1/score/{session_id}',
  id: 'getScore',
  summary: 'Read the recorded interactions of a session',
  tag,
  access: reads,
  params: bySession,
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, interactions: z.array(storedInteraction) }),
  },
  problems: ['NOT_FOUND'],
})

export const replayScore = defineEndpoint({
  method: 'GET',
  path: '/v1/score/{session_id}/replay',
  id: 'replayScore',
  summary: 'Recompute a score from stored data and compare it with the recorded score',
  tag,
  access: reads,
  params: bySession,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      interaction_id: z.string(),
      stored: shownResult,
      recomputed: shownResult,
      identical: z.boolean(),
      model_version: z.string(),
      params_hash: z.string(),
    }),
  },
  problems: ['NOT_FOUND', 'INPUTS_EXPIRED'],
})
