import type { Receipt } from '../contract/blocks.ts'
import type {
  ListedDecisionReply,
  ReviewReply,
  ScoredDecisionReply,
  StoredDecisionReply,
} from '../contract/decision-blocks.ts'
import type { Resolution } from '../domain/decision-life.ts'
import { lifeAt } from '../domain/decision-life.ts'
import { roundTo } from '../domain/rounding.ts'
import { modelOf } from '../params-hash.ts'
import type { StoredDecision, StoredReview } from '../store/decision-store.ts'
import { toWireEvidence } from './to-score-reply.ts'

type Members = Omit<ScoredDecisionReply, 'request_id' | 'timestamp' | 'resume_token'>

/** The reply members about a decision as of an instant. */
export function toDecisionMembers(stored: StoredDecision, receipt: Receipt, nowMs: number): Members {
  const life = lifeAt(stored, nowMs)
  const { evaluation, request } = stored
  const model = modelOf(stored.modelVersion)
  const id = toDecisionId(stored.id)
  return {
    ai_decision_log_id: id,
    routing_decision: life.route,
    drs: evaluation.score,
    drs_tier: life.tier,
    drs_reason_codes: [...evaluation.reasonCodes],
    policy_evaluation: {
      hard_failures: [...evaluation.blocking],
      triggers: [...evaluation.triggers],
      policy_version: stored.policyVersion,
    },
    forced_escalation_rules_triggered: [...evaluation.forcing],
    review_queue_id: stored.queueId === null ? null : `rq_${stored.queueId}`,
    policy_version_id: toPolicyId(stored.policyVersion),
    decision_risk_score: evaluation.score,
    factors: evaluation.factors.map(({ name, value, weight }) => ({
      name,
      value: roundTo(value, 4),
      weight,
    })),
    policy_triggers: [...evaluation.triggers],
    pass: request.pass,
    state: life.state,
    assignee: life.assignee,
    expires_at: toTime(life.expiresAtMs),
    fallback_route: life.fallback,
    resolution: life.resolution === null ? null : toWireResolution(life.resolution),
    gate_id: toDecisionId(stored.gateId),
    operator_id: stored.operatorId,
    domain: request.domain,
    decision_category: request.category,
    model: request.model,
    ai_output_hash: stored.aiOutputHash,
    request_hash: stored.requestHash,
    evidence: stored.evidence === null ? null : toWireEvidence(stored.evidence),
    replay_url: `/v1/decision/replay/${id}`,
    policy_version: stored.policyVersion,
    model_version: model.version,
    params_hash: model.paramsHash,
    audit_id: receipt.receipt_id,
    receipt,
    warnings: [...stored.warnings],
  }
}

export function toStoredMembers(
  stored: StoredDecision,
  reviews: readonly StoredReview[],
  receipts: ReadonlyMap<string, Receipt>,
  nowMs: number,
): Omit<StoredDecisionReply, 'request_id' | 'timestamp'> {
  return {
    ...toDecisionMembers(stored, receiptOf(receipts, stored.receiptId), nowMs),
    received_at: new Date(stored.receivedAtMs).toISOString(),
    reviews: reviews.map((review) => toWireReview(review, receiptOf(receipts, review.receiptId))),
  }
}

function toWireReview(review: StoredReview, receipt: Receipt): ReviewReply {
  return {
    id: toReviewId(review.id),
    at: new Date(review.atMs).toISOString(),
    action: review.action,
    reviewer_id: review.reviewerId,
    reviewer_role: review.reviewerRole,
    assignee: review.assignee,
    reason_code: review.reasonCode,
    note: review.note,
    decision_time_ms: review.decisionTimeMs,
    edited_output_hash: review.editedOutputHash,
    evidence: toWireEvidence(review.evidence),
    interaction_id: review.interactionId === null ? null : `int_${review.interactionId}`,
    receipt,
  }
}

export function toListed(stored: StoredDecision, nowMs: number): ListedDecisionReply {
  const life = lifeAt(stored, nowMs)
  return {
    ai_decision_log_id: toDecisionId(stored.id),
    review_queue_id: stored.queueId === null ? null : `rq_${stored.queueId}`,
    routing_decision: life.route,
    drs: stored.evaluation.score,
    drs_tier: life.tier,
    drs_reason_codes: [...stored.evaluation.reasonCodes],
    domain: stored.request.domain,
    operator_id: stored.operatorId,
    decision_category: stored.request.category,
    state: life.state,
    assignee: life.assignee,
    created_at: new Date(stored.receivedAtMs).toISOString(),
    expires_at: toTime(life.expiresAtMs),
    fallback_route: life.fallback,
    resolution: life.resolution === null ? null : toWireResolution(life.resolution),
  }
}

export function toWireResolution(resolution: Resolution): NonNullable<ListedDecisionReply['resolution']> {
  return {
    action: resolution.action,
    by: resolution.by,
    reviewer_id: resolution.reviewerId,
    final_route: resolution.finalRoute,
    reason_code: resolution.reasonCode,
    edited_output_hash: resolution.editedOutputHash,
    at: new Date(resolution.atMs).toISOString(),
  }
}

export function toDecisionId(id: string): string {
  return `dec_${id}`
}

/** Null if the text cannot be a decision id; the reply is then the same as for an unknown decision. */
export function fromDecisionId(text: string): string | null {
  return /^dec_[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text.slice('dec_'.length) : null
}

export function toReviewId(id: string): string {
  return `rev_${id}`
}

export function toPolicyId(version: number): string {
  return `pol_${version}`
}

function receiptOf(receipts: ReadonlyMap<string, Receipt>, id: string): Receipt {
  const receipt = receipts.get(id)
  if (receipt === undefined) throw new Error(`The receipt ${id} has no place in the chain`)
  return receipt
}

function toTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}
