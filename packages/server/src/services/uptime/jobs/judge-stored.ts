import { decideAsSystem } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { MonitorKey } from '../store/claim-store.ts'
import {
  listUnjudgedResults,
  lockMonitors,
  type LockedMonitor,
  type UnjudgedResult,
} from '../store/judge-store.ts'
import { applyEvents, type Step } from './apply-events.ts'
import type { JudgeDeps } from './judge-deps.ts'

/** Applies stored results that are not yet part of a monitor's state, then the time passed since. */
export async function judgeStored(deps: JudgeDeps, { orgId, monitorId }: MonitorKey): Promise<void> {
  const principal: SystemPrincipal = { kind: 'system', orgId, because: 'uptime' }
  await decideAsSystem(deps, principal, async (tx, decide) => {
    const [monitor] = await lockMonitors(tx, [monitorId])
    if (monitor === undefined) return
    const steps = (await unjudgedSteps(tx, [monitor]))(monitor)
    const tick: Step = { event: { kind: 'tick', atMs: deps.clock.now() } }
    await applyEvents(deps, tx, decide, monitor, [...steps, tick])
  })
}

/** The results that are not yet part of these monitors' states. */
export async function unjudgedSteps(
  tx: TenantTx,
  monitors: readonly LockedMonitor[],
): Promise<(monitor: LockedMonitor) => readonly Step[]> {
  const results = await listUnjudgedResults(tx, monitors)
  return ({ id }) => (results.get(id) ?? []).map(toStep)
}

export function toStep(result: UnjudgedResult): Step {
  const { startedAtMs, outcome, code, totalMs } = result
  return {
    event: {
      kind: 'verdict',
      verdict: { outcome, startedAtMs, endedAtMs: startedAtMs + (totalMs ?? 0), code },
    },
    result,
  }
}
