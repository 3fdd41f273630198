import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { DecidedEvent } from '../deps.ts'
import { dropLease, lockMonitors } from '../store/judge-store.ts'
import { applyEvents, type Step } from './apply-events.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { unjudgedSteps } from './judge-stored.ts'

/** Applies what a person decided to monitors, inside the transaction of the decision. */
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
    // What was seen before the decision is judged before it.
    const steps = await unjudgedSteps(tx, monitor)
    // A check that is running now looks at a target, or for a monitor, that is no longer watched like this.
    if (event.kind === 'paused' || event.kind === 'target_changed') await dropLease(tx, monitor.id)
    await applyEvents(deps, tx, decide, monitor, [...steps, toStep(event)])
  }
  await deps.audit.append(tx, decisions)
}

function toStep(event: DecidedEvent): Step {
  if (!('incidentId' in event)) return { event }
  return { event: { kind: event.kind, atMs: event.atMs }, incidentId: event.incidentId }
}
