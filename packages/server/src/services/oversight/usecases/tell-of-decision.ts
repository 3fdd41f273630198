import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { z } from 'zod'
import type { flatDecisionEvents } from '../contract/decision-events.ts'
import type { StoredDecision } from '../store/decision-store.ts'
import { tellFlat, tellWebhooks } from './tell-webhooks.ts'
import { toDecisionId, toListed, toPolicyId, toWireResolution } from './to-decision-reply.ts'

/** Publishes a newly scored decision: its route, and that a review is needed. */
export async function tellRouted(tx: AuditedTx, decision: StoredDecision, nowMs: number): Promise<void> {
  const { route, state, evaluation } = decision
  if (route === 'auto') return
  if (state === 'pending' && route === 'must_review')
    await tellFlat(tx, 'drs.must_review', toRouted(decision, nowMs), nowMs)
  if (evaluation.forcing.length > 0) await tellFlat(tx, 'drs.escalation', toRouted(decision, nowMs), nowMs)
  const data = {
    ai_decision_log_id: toDecisionId(decision.id),
    routing_decision: route,
    decision_risk_score: evaluation.score,
    policy_triggers: [...evaluation.triggers],
  }
  await tellWebhooks(tx, 'oversight.decision_routed', data, nowMs)
}

/** Publishes that a decision was escalated and needs another reviewer. */
export async function tellEscalated(tx: AuditedTx, decision: StoredDecision, nowMs: number): Promise<void> {
  await tellFlat(tx, 'drs.must_review', toRouted(decision, nowMs), nowMs)
  await tellFlat(tx, 'drs.escalation', toRouted(decision, nowMs), nowMs)
}

/** Publishes that a decision is no longer pending: it was resolved or expired. */
export async function tellEnded(tx: AuditedTx, decision: StoredDecision, nowMs: number): Promise<void> {
  const { resolution } = decision
  if (resolution === null) throw new Error('A decision without a resolution has not ended')
  const payload = {
    ...toRouted(decision, nowMs),
    resolution: toWireResolution(resolution),
    gate_id: toDecisionId(decision.gateId),
  }
  await tellFlat(tx, 'drs.resolved', payload, nowMs)
}

function toRouted(
  decision: StoredDecision,
  nowMs: number,
): z.input<(typeof flatDecisionEvents)['drs.must_review']> {
  const {
    operator_id: _operator,
    created_at: _created,
    state: _state,
    resolution: _end,
    ...listed
  } = toListed(decision, nowMs)
  return {
    request_id: decision.requestId,
    timestamp: new Date(nowMs).toISOString(),
    ...listed,
    forced_escalation_rules_triggered: [...decision.evaluation.forcing],
    policy_version_id: toPolicyId(decision.policyVersion),
  }
}
