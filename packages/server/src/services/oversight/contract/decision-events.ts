import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { time } from './blocks.ts'
import { finalRoute, resolution, route, tier } from './decision-blocks.ts'

const routed = {
  request_id: z.string(),
  timestamp: time,
  ai_decision_log_id: z.string(),
  routing_decision: route,
  drs: z.number(),
  drs_tier: tier,
  drs_reason_codes: z.array(z.string()),
  forced_escalation_rules_triggered: z.array(z.string()),
  review_queue_id: z.string().nullable(),
  policy_version_id: z.string(),
  domain: z.enum(domains),
  decision_category: z.string().nullable(),
  assignee: z.string().nullable(),
  expires_at: time.nullable(),
  fallback_route: finalRoute.nullable(),
}

/** Events that public clients know. Their members stand beside the event's name, not below `data` (wire 8). */
export const flatDecisionEvents = {
  'drs.must_review': z.strictObject(routed),
  'drs.escalation': z.strictObject(routed),
  'drs.resolved': z.strictObject({ ...routed, resolution, gate_id: z.string() }),
}

export const decisionEvents = {
  ...flatDecisionEvents,
  'oversight.decision_routed': z.strictObject({
    ai_decision_log_id: z.string(),
    routing_decision: route,
    decision_risk_score: z.number(),
    policy_triggers: z.array(z.string()),
  }),
}
