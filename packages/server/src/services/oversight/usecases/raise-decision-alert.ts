import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { StoredDecision } from '../store/decision-store.ts'
import { raiseAlert } from './raise-alert.ts'
import { toDecisionId } from './to-decision-reply.ts'

const severities = { decision_expired: 'medium', decision_overridden: 'high' } as const

/** A pending decision fell back, or a reviewer overrode one: somebody has to look, and says so (specification 12). */
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
