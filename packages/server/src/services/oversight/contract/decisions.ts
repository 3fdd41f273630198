import { addsTool, defineEndpoint, instant, proof, readsTool, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, nextCursor, pageLimit } from '../../../service/shapes.ts'
import { reviewActions, reviewedAs } from '../domain/decision-life.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import {
  decisionState,
  listedDecision,
  resolution,
  route,
  scoredDecision,
  storedDecision,
  tier,
} from './decision-blocks.ts'
import { decisionBody, flatBody, gateBody, pool } from './decision-bodies.ts'
import { domain, hash, operatorId, optional } from './fields.ts'
import { attestation, decisionTime, refuseContradictions, reviewedInteraction } from './interaction-shape.ts'

const tag = 'decisions'
const reads = { kind: 'key', scope: 'decisions:read' } as const
const figures = oversightPolicy.decisions

export const scoreDecision = defineEndpoint({
  method: 'POST',
  path: '/v1/decision/score',
  id: 'scoreDecision',
  summary: 'Score the risk of a decision and route it: proceed, send it to a reviewer, or stop it',
  description:
    'A body with a `model` object makes the request a gate before or after an AI call: unknown members and the output are hashed and not ' +
    'stored. Any other body describes a decision of a person. Proceed only if the route is `auto`: treat a timeout, any other status and ' +
    'an unknown route as a block. Replies with a status of 5xx contain the route `policy_blocked`.',
  tag,
  access: { kind: 'key', scope: 'decisions:write' },
  body: decisionBody,
  documentedBody: z.union([gateBody, flatBody]),
  jsonDepthMax: oversightPolicy.jsonDepthMax.gate,
  example: {
    body: {
      model: { provider: 'openai', name: 'gpt' },
      domain: 'aviation',
      model_confidence: 0.6,
      request_id: 'req_01KW0000000000000000000000',
    },
  },
  tool: {
    name: 'score_decision',
    annotations: addsTool,
    preview: {
      says: 'A decision would be recorded for good, with a receipt, and would wait for a person where its route says so',
      shows: [
        'routing_decision',
        'drs',
        'drs_tier',
        'drs_reason_codes',
        'policy_evaluation',
        'forced_escalation_rules_triggered',
        'policy_triggers',
        'factors',
        'state',
        'expires_at',
        'fallback_route',
        'warnings',
      ],
    },
  },
  reply: { status: 200, schema: scoredDecision },
  revealsSecret: true,
  secretMembers: ['resume_token'],
  besideOutage: { routing_decision: 'policy_blocked' },
  problems: ['VALIDATION_FAILED', 'OPERATOR_ID_INVALID'],
})

export const getDecision = defineEndpoint({
  method: 'GET',
  path: '/v1/decision/{id}',
  id: 'getDecision',
  summary: 'Read a decision and the actions of its reviewers',
  tag,
  access: reads,
  params: byId,
  tool: { name: 'get_decision', annotations: readsTool },
  reply: { status: 200, schema: storedDecision },
  problems: ['NOT_FOUND'],
})

const cursor = text(1, 500).optional()

const decisionPage = z.strictObject({
  ...envelope,
  decisions: z.array(listedDecision),
  count: z.int(),
  next_cursor: nextCursor,
})

export const listDecisionQueue = defineEndpoint({
  method: 'GET',
  path: '/v1/decision/queue',
  id: 'listDecisionQueue',
  summary: 'List the decisions that wait for a reviewer, earliest expiry first',
  tag,
  access: reads,
  query: z.strictObject({
    limit: pageLimit(figures.listMax, 50),
    cursor,
    tier: tier.optional(),
    domain: domain.optional(),
    status: z
      .enum(['pending', 'resolved', 'expired', 'all'], {
        error: 'must be one of pending, resolved, expired, all',
      })
      .default('pending'),
    assignee: text(1, 256).optional(),
    pool: pool.optional(),
  }),
  reply: { status: 200, schema: decisionPage },
  problems: [],
})

export const listDecisions = defineEndpoint({
  method: 'GET',
  path: '/v1/decisions',
  id: 'listDecisions',
  summary: 'List all decisions, newest first',
  tag,
  access: reads,
  query: z.strictObject({
    limit: pageLimit(figures.listMax, 50),
    cursor,
    routing: route.optional(),
    state: decisionState.optional(),
    operator_id: operatorId.optional(),
    since: instant.optional(),
    until: instant.optional(),
  }),
  reply: { status: 200, schema: decisionPage },
  problems: [],
})

const reasonCode = z
  .string()
  .regex(/^[a-z0-9_.]{1,64}$/, 'must be 1 to 64 lower-case letters, digits, dots or underscores')

export const reviewBody = z
  .strictObject({
    action: z.enum(reviewActions, { error: `must be one of ${reviewActions.join(', ')}` }),
    /** The reviewer's operator id; not needed from a signed-in member, who is the reviewer. */
    reviewer_id: optional(operatorId),
    assignee: optional(operatorId),
    reason_code: optional(reasonCode),
    note: optional(text(1, oversightPolicy.reviewerNoteMax)),
    decision_time_ms: optional(decisionTime),
    edited_output_hash: optional(hash),
    /** The review as a decision of the reviewer, which is scored like any other. */
    interaction: optional(reviewedInteraction),
    attestation: optional(attestation),
  })
  .superRefine((body, context) => {
    const { action, interaction } = body
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (action === 'assign' && body.assignee === null) refuse('assignee', 'must name who is to review')
    if (action !== 'assign' && body.assignee !== null) refuse('assignee', 'goes with assign alone')
    if (action === 'override' && body.reason_code === null)
      refuse('reason_code', 'must say why, since a block is lifted')
    if (action !== 'modify' && body.edited_output_hash !== null)
      refuse('edited_output_hash', 'goes with modify alone')
    if (action === 'approve' || action === 'modify' || action === 'reject') {
      if (interaction !== null)
        refuseContradictions({ ...interaction, decision: reviewedAs[action] }, context, ['interaction'])
      return
    }
    if (interaction !== null) refuse('interaction', 'goes with approve, modify and reject alone')
    if (body.attestation !== null) refuse('attestation', 'goes with approve, modify and reject alone')
  })

export type ReviewBody = z.output<typeof reviewBody>

export const reviewDecision = defineEndpoint({
  method: 'POST',
  path: '/v1/decision/{id}/reviewer-action',
  id: 'reviewDecision',
  summary: 'Claim, reassign, approve, change, reject, escalate or override a decision',
  description: 'An override also requires the scope `decisions:override`.',
  tag,
  access: { kind: 'key', scope: 'decisions:review' },
  params: byId,
  body: reviewBody,
  example: { body: { action: 'approve', reviewer_id: 'reviewer-7', decision_time_ms: 41_000 } },
  reply: { status: 200, schema: storedDecision },
  problems: [
    'VALIDATION_FAILED',
    'NOT_FOUND',
    'ALREADY_RESOLVED',
    'ALREADY_CLAIMED',
    'REVIEWER_IS_OPERATOR',
    'FORBIDDEN_SCOPE',
    'SESSION_CONFLICT',
  ],
})

const waitSecondsMax = figures.resumeWaitSecondsMax

export const resumeDecision = defineEndpoint({
  method: 'POST',
  path: '/v1/decision/resume',
  id: 'resumeDecision',
  summary: 'Wait for the resolution of a decision, with the token from its score reply',
  description:
    'The request waits for at most `wait_s` seconds; the status is 202 if the decision is still pending. `first_resume` is true in exactly one reply, so that a client that retries acts only once.',
  tag,
  access: {
    kind: 'public',
    because: 'the token opens this one resolution, and who waits for it needs no key',
    limit: { name: 'keyless', by: 'ip' },
  },
  body: z.strictObject({
    resume_token: proof(text(1, 256)),
    wait_s: optional(
      z
        .number({ error: `must be between 0 and ${waitSecondsMax}` })
        .min(0, `must be between 0 and ${waitSecondsMax}`)
        .max(waitSecondsMax, `must be between 0 and ${waitSecondsMax}`),
    ),
  }),
  example: { body: { resume_token: `rst_${'A'.repeat(43)}`, wait_s: 25 } },
  // Two calls differ in who was first to hear of it.
  tool: {
    name: 'resume_decision',
    scope: 'decisions:read',
    annotations: { ...readsTool, idempotentHint: false },
  },
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      state: z.enum(['resolved', 'expired']),
      resolution,
      first_resume: z.boolean(),
    }),
    also: {
      status: 202,
      schema: z.strictObject({
        ...envelope,
        state: z.literal('pending'),
        expires_at: time,
        assignee: z.string().nullable(),
      }),
    },
  },
  problems: ['NOT_FOUND'],
})

export const replayDecision = defineEndpoint({
  method: 'GET',
  path: '/v1/decision/replay/{id}',
  id: 'replayDecision',
  summary: 'Recompute the routing of a decision from stored data and compare it with the recorded result',
  tag,
  access: reads,
  params: byId,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      ai_decision_log_id: z.string(),
      /** The request, and the facts known when it was scored. */
      telemetry: z.strictObject({ request: z.looseObject({}), grounds: z.looseObject({}) }),
      /** The stored result. */
      score: z.looseObject({}),
      replay: z.strictObject({
        decision_risk_score: z.number(),
        routing_decision: route,
        identical: z.boolean(),
      }),
      policy_version: z.int(),
      model_version: z.string(),
      params_hash: z.string(),
    }),
  },
  problems: ['NOT_FOUND', 'INPUTS_EXPIRED'],
})
