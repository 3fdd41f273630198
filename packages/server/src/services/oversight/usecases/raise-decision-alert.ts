import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { StoredDecision } from '../store/decision-store.ts'
import { raiseAlert } from './raise-alert.ts'
import { toDecisionId } from './to-decision-reply.ts'

const severities = { decision_expired: 'medium', decision_overridden: 'high' } as const

/**
 * Alerts that a pending decision expired to its fallback, or that a reviewer overrode one; a person has to
 * acknowledge it (specification 12).
 */
export async function raiseDecisionAlert(
  tx: AuditedTx,
  kind: keyof typeof severities,
  { id, operatorId, request }: StoredDecision,
  nowMs: number,
): Promise<void> {
  const decisionId = toDecisionId(id)
  await raiseAlert(
    tx,
    {
      kind,
      subject: decisionId,
      severity: severities[kind],
      operatorId,
      domain: request.domain,
      data: { ai_decision_log_id: decisionId },
    },
    nowMs,
  )
}
