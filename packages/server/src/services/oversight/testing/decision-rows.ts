import { agedId, agedOrg, type AgedRow, dayMs } from '../../../service/testing/aged-row.ts'
import { type Canary, type CanaryRow, toSecret } from '../../../service/testing/canary.ts'

const at = new Date().toISOString()

/** One row in each table for routed and reviewed decisions. */
export function toDecisionRows(canary: Canary): readonly CanaryRow[] {
  const { orgId: org_id, word } = canary
  const who = { org_id, operator_id: word, domain: 'financial' }
  return [
    ['oversight.decision_policy', { org_id, version: 2, body: {}, created_at: at }],
    [
      'oversight.decision',
      {
        ...who,
        id: word,
        received_at: at,
        gate_id: word,
        request_id: word,
        pass: 'post_ai',
        request: { tags: [word] },
        request_hash: word,
        ai_output_hash: word,
        grounds: {},
        evaluation: { score: 0.5 },
        policy_version: 1,
        model_version: 'oversight-1.0.0',
        norm_id: word,
        settings_version: 1,
        warnings: [word],
        route: 'async_review',
        tier: 'medium',
        state: 'pending',
        queue_id: word,
        pool: word,
        assignee: word,
        expires_at: at,
        fallback_route: 'policy_blocked',
        // In hexadecimal, as the driver writes bytes.
        token_digest: `\\x${Buffer.from(toSecret(canary)).toString('hex')}`,
        receipt_id: word,
      },
    ],
    [
      'oversight.decision_review',
      {
        org_id,
        id: word,
        decision_id: word,
        at,
        action: 'claim',
        reviewer_id: word,
        note: word,
        evidence: {},
        receipt_id: word,
      },
    ],
  ]
}

export const agedDecisions = {
  'decisions that were routed': {
    keptMs: 731 * dayMs,
    insert: `
        INSERT INTO oversight.decision
          (org_id, id, received_at, gate_id, request_id, domain, pass, request, request_hash, evaluation, policy_version,
           model_version, norm_id, settings_version, warnings, route, tier, state, receipt_id)
        VALUES (${agedOrg}, ${agedId}, $1, 'x', 'x', 'general', 'flat', '{}', 'x', '{}', 1, 'x', 'x', 1, '{}', 'auto', 'low',
                'released', 'x')`,
  },
  'reviews of decisions': {
    keptMs: 731 * dayMs,
    insert: `
        WITH decided AS (
          INSERT INTO oversight.decision
            (org_id, id, received_at, gate_id, request_id, domain, pass, request, request_hash, evaluation, policy_version,
             model_version, norm_id, settings_version, warnings, route, tier, state, receipt_id)
          VALUES (${agedOrg}, ${agedId}, now(), 'x', 'x', 'general', 'flat', '{}', 'x', '{}', 1, 'x', 'x', 1, '{}', 'auto',
                  'low', 'released', 'x') RETURNING id)
        INSERT INTO oversight.decision_review (org_id, id, decision_id, at, action, reviewer_id, evidence, receipt_id)
        SELECT ${agedOrg}, id, id, $1, 'claim', 'x', '{}', 'x' FROM decided`,
  },
} satisfies Readonly<Record<string, AgedRow>>
