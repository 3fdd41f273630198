import { z } from 'zod'
import { decisionStates, reviewActions } from '../domain/decision-life.ts'
import { decisionPasses, riskTiers } from '../domain/evaluate-decision.ts'
import { domains } from '../domain/interaction.ts'
import { routes } from '../domain/route.ts'
import { envelope, evidence, receipt, time } from './blocks.ts'

export const route = z.enum(routes)

export const finalRoute = z.enum(['auto', 'policy_blocked'])

export const tier = z.enum(riskTiers)

export const decisionState = z.enum(decisionStates)

export const resolution = z.strictObject({
  action: z.enum(['approve', 'modify', 'reject', 'override', 'expire']),
  by: z.enum(['reviewer', 'expiry']),
  reviewer_id: z.string().nullable(),
  final_route: finalRoute,
  reason_code: z.string().nullable(),
  edited_output_hash: z.string().nullable(),
  at: time,
})

const factor = z.strictObject({
  name: z.enum(['operator', 'behaviour', 'stakes', 'model', 'disagreement']),
  value: z.number(),
  weight: z.number(),
})

/** A decision in both vocabularies: the one of the public client and the model's own (wire 5.1). */
const decisionMembers = {
  ai_decision_log_id: z.string(),
  routing_decision: route,
  drs: z.number(),
  drs_tier: tier,
  drs_reason_codes: z.array(z.string()),
  policy_evaluation: z.strictObject({
    hard_failures: z.array(z.string()),
    triggers: z.array(z.string()),
    policy_version: z.int(),
  }),
  forced_escalation_rules_triggered: z.array(z.string()),
  review_queue_id: z.string().nullable(),
  policy_version_id: z.string(),
  decision_risk_score: z.number(),
  factors: z.array(factor),
  policy_triggers: z.array(z.string()),
  pass: z.enum(decisionPasses),
  state: decisionState,
  assignee: z.string().nullable(),
  expires_at: time.nullable(),
  fallback_route: finalRoute.nullable(),
  resolution: resolution.nullable(),
  gate_id: z.string(),
  operator_id: z.string().nullable(),
  domain: z.enum(domains),
  decision_category: z.string().nullable(),
  model: z.strictObject({ provider: z.string(), name: z.string().nullable() }).nullable(),
  ai_output_hash: z.string().nullable(),
  request_hash: z.string(),
  evidence: evidence.nullable(),
  replay_url: z.string(),
  policy_version: z.int(),
  model_version: z.string(),
  params_hash: z.string(),
  audit_id: z.string(),
  receipt,
  warnings: z.array(z.string()),
}

export const scoredDecision = z.strictObject({
  ...envelope,
  ...decisionMembers,
  /** Allows reading the resolution and nothing else. Returned once, to the caller that requested the score. */
  resume_token: z.string().nullable(),
})

export type ScoredDecisionReply = z.input<typeof scoredDecision>

export const review = z.strictObject({
  id: z.string(),
  at: time,
  action: z.enum(reviewActions),
  reviewer_id: z.string(),
  reviewer_role: z.string().nullable(),
  assignee: z.string().nullable(),
  reason_code: z.string().nullable(),
  note: z.string().nullable(),
  decision_time_ms: z.int().nullable(),
  edited_output_hash: z.string().nullable(),
  evidence,
  interaction_id: z.string().nullable(),
  receipt,
})

export type ReviewReply = z.input<typeof review>

const stored = { ...decisionMembers, received_at: time, reviews: z.array(review) }

export const storedDecision = z.strictObject({ ...envelope, ...stored })

export type StoredDecisionReply = z.input<typeof storedDecision>

/** One item of the queue, or of the list of all decisions. */
export const listedDecision = z.strictObject({
  ai_decision_log_id: z.string(),
  review_queue_id: z.string().nullable(),
  routing_decision: route,
  drs: z.number(),
  drs_tier: tier,
  drs_reason_codes: z.array(z.string()),
  domain: z.enum(domains),
  operator_id: z.string().nullable(),
  decision_category: z.string().nullable(),
  state: decisionState,
  assignee: z.string().nullable(),
  created_at: time,
  expires_at: time.nullable(),
  fallback_route: finalRoute.nullable(),
  resolution: resolution.nullable(),
})

export type ListedDecisionReply = z.input<typeof listedDecision>
