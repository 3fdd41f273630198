import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { DecidedEvent } from '../deps.ts'
import { dropLeases, lockMonitors } from '../store/judge-store.ts'
import { applyToEach, type Step } from './apply-events.ts'
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
  const monitors = await lockMonitors(tx, monitorIds)
  // Results from before the decision are judged before it.
  const stepsOf = await unjudgedSteps(tx, monitors)
  // A running check was started for a target or monitor that is no longer checked in this form.
  if (event.kind === 'paused' || event.kind === 'target_changed')
    await dropLeases(
      tx,
      monitors.map(({ id }) => id),
    )
  await applyToEach(
    deps,
    tx,
    decide,
    monitors.map((monitor) => ({ monitor, steps: [...stepsOf(monitor), toStep(event)] })),
  )
  await deps.audit.append(tx, decisions)
}

function toStep(event: DecidedEvent): Step {
  if (!('incidentId' in event)) return { event }
  return { event: { kind: event.kind, atMs: event.atMs }, incidentId: event.incidentId }
}
