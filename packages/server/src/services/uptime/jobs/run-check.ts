import type { Clock } from '@gatehouse/kernel/clock'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { CheckPool, CheckRun } from '../checks/check-pool.ts'
import { planCheck, type StoredMonitor } from '../checks/plan-check.ts'
import type { Politeness } from '../checks/politeness.ts'
import { unableToLook } from '../domain/assess.ts'
import { writeMessage } from '../messages.ts'

export type RunCheckDeps = {
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly pool: CheckPool
  readonly politeness: Politeness
}

/** Runs one check of a monitor. It always resolves to a result; an internal error is one too, and is logged. */
export async function runCheck(
  deps: RunCheckDeps,
  monitor: StoredMonitor & { readonly degradedAfterMs: number | null },
  freshName: boolean,
): Promise<CheckRun> {
  const { orgId, monitorId, degradedAfterMs } = monitor
  const plan = planCheck(deps.sealer, monitor)
  if (plan.kind === 'unable') {
    const { fault, error } = plan
    const details = toErrorFields(error ?? writeMessage(fault.code, fault.values, 'en'))
    deps.log.error('A monitor cannot be checked', { orgId, monitorId, code: fault.code, ...details })
    const nowMs = deps.clock.now()
    return { startedAtMs: nowMs, endedAtMs: nowMs, looked: unableToLook(fault) }
  }
  const leave = await deps.politeness.enter(plan.targetKey, orgId)
  const run = await deps.pool.run({ orgId, task: plan.task, degradedAfterMs, freshName }).finally(leave)
  if (run.error !== undefined)
    deps.log.error('A check failed on our side', { orgId, monitorId, ...toErrorFields(run.error) })
  return run
}
