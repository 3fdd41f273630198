import { raiseToDecision, recordTelemetry, type TelemetryTx } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import type { Decision } from './audit-entry.ts'
import type { AuditedTx } from './audited-tx.ts'
import type { MutateDeps } from './mutate.ts'

/** Records a decision. The transaction that it returns may write what was decided. */
export type Decide = (decision: Decision) => Promise<AuditedTx>

/**
 * Runs a telemetry transaction in which the system may have to decide something by its rules. The decisions and their
 * audit entries commit together. The entries are appended at the end, because the head of the chain is locked from then
 * on.
 */
export async function decideAsSystem<T>(
  deps: MutateDeps,
  principal: SystemPrincipal,
  work: (tx: TelemetryTx, decide: Decide) => Promise<T>,
): Promise<T> {
  return recordTelemetry(deps, principal, async (opened) => {
    // Safe: the transaction is handed out only for a recorded decision, whose entry is appended below before the
    // commit.
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
