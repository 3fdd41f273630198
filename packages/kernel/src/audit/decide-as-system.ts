import { raiseToDecision, recordTelemetry, type TelemetryTx } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import type { Decision } from './audit-entry.ts'
import type { AuditedTx } from './audited-tx.ts'
import type { MutateDeps } from './mutate.ts'

/** Says what was decided; from then on the transaction may write it. */
export type Decide = (decision: Decision) => Promise<AuditedTx>

/**
 * Writes telemetry in which it may turn out that the system has to decide something by its rules. What it decided and the
 * entries of it commit together. They are appended at the end, since the head of the chain stays locked from then on.
 */
export async function decideAsSystem<T>(
  deps: MutateDeps,
  principal: SystemPrincipal,
  work: (tx: TelemetryTx, decide: Decide) => Promise<T>,
): Promise<T> {
  return recordTelemetry(deps, principal, async (opened) => {
    // Safe: it is given away for an entry only, and the entry is appended below before the transaction can commit.
    const tx = opened as AuditedTx
    const decisions: Decision[] = []
    const result = await work(opened, async (decision) => {
      if (decisions.push(decision) === 1) await raiseToDecision(tx)
      return tx
    })
    await deps.audit.append(tx, decisions)
    return result
  })
}
