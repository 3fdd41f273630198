import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { DecidedEvent } from '../deps.ts'
import { dropLease, lockMonitors } from '../store/judge-store.ts'
import { applyEvents, type Step } from './apply-events.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { unjudgedSteps } from './judge-stored.ts'

/** Applies a person's decision to monitors, in the decision's transaction. */
export async function judgeEvent(
  deps: JudgeDeps,
  tx: AuditedTx,
  monitorIds: readonly string[],
  event: DecidedEvent,
): Promise<void> {
  const decisions: Decision[] = []
  const decide = async (decision: Decision): Promise<AuditedTx> => {
    decisions.push(decision)
    return tx
  }
  for (const monitor of await lockMonitors(tx, monitorIds)) {
    // Results from before the decision are judged before it.
    const steps = await unjudgedSteps(tx, monitor)
    // A running check was started for a target or monitor that is no longer checked in this form.
    if (event.kind === 'paused' || event.kind === 'target_changed') await dropLease(tx, monitor.id)
    await applyEvents(deps, tx, decide, monitor, [...steps, toStep(event)])
  }
  await deps.audit.append(tx, decisions)
}

function toStep(event: DecidedEvent): Step {
  if (!('incidentId' in event)) return { event }
  return { event: { kind: event.kind, atMs: event.atMs }, incidentId: event.incidentId }
}
