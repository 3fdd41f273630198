import { asWriter } from '@gatehouse/kernel/db'
import { toErrorFields, type Logger } from '@gatehouse/kernel/log'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { CheckPool, CheckRun } from '../checks/check-pool.ts'
import { targetKey, type CheckTask, type TaskOfType } from '../checks/check-task.ts'
import { phaseOf } from '../checks/plan-next.ts'
import type { Politeness } from '../checks/politeness.ts'
import { toCheckTask } from '../checks/to-check-task.ts'
import { assessHttp, assessTcp, type Assessment } from '../domain/assess.ts'
import { judgeLateness } from '../domain/schedule.ts'
import { uptimePolicy } from '../policy.ts'
import { type ClaimedCheck, claimDue, postpone, type Postponed } from '../store/claim-store.ts'
import type { FinishedCheck, FlushLoop } from './flush-loop.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { startLoop, type Loop } from './start-loop.ts'

export type CheckLoopDeps = JudgeDeps & {
  readonly log: Logger
  readonly sealer: Sealer
  readonly pool: CheckPool
  readonly politeness: Politeness
  readonly flush: FlushLoop
  readonly nodeId: string
}

/** Claims due checks while it has free places, runs them, and hands their results on. */
export function startCheckLoop(deps: CheckLoopDeps): Loop {
  const held = new Map<string, number>()
  let places = 0

  const claim = async (): Promise<void> => {
    const queueMax = uptimePolicy.flush.queueMax * 0.8
    for (const confirming of [true, false]) {
      // With the database away results pile up; what cannot be written is not looked at.
      if (deps.flush.queued() + places >= queueMax) return
      const rowsMax = Math.min(uptimePolicy.claim.rowsMax, uptimePolicy.inFlightMax - places)
      if (rowsMax <= 0) return
      const exceptOrgs = [...held]
        .filter(([, count]) => count > uptimePolicy.inFlightMax / 2)
        .map(([orgId]) => orgId)
      const { nodeId } = deps
      const { leaseExtraMs } = uptimePolicy.claim
      const claimed = await asWriter(deps, async (tx) => {
        const checks = await claimDue(tx, { nodeId, confirming, rowsMax, leaseExtraMs, exceptOrgs })
        const late = checks.flatMap((check) => toPostponed(check) ?? [])
        if (late.length > 0) await postpone(tx, late)
        return { checks, late: new Set(late.map(({ leaseId }) => leaseId)) }
      })
      for (const check of claimed.checks) if (!claimed.late.has(check.leaseId)) void take(check)
    }
  }

  const take = async (check: ClaimedCheck): Promise<void> => {
    places += 1
    held.set(check.orgId, (held.get(check.orgId) ?? 0) + 1)
    try {
      const task = toCheckTask(deps.sealer, check)
      if (task === undefined) return
      const freshName = check.origin !== 'scheduled'
      deps.flush.add(await run(deps, check, { ...task, freshName }))
    } catch (error) {
      deps.log.error('A check could not be run', {
        monitorId: check.monitorId,
        orgId: check.orgId,
        ...toErrorFields(error),
      })
    } finally {
      places -= 1
      const left = (held.get(check.orgId) ?? 1) - 1
      if (left === 0) held.delete(check.orgId)
      else held.set(check.orgId, left)
    }
  }

  return startLoop('uptime checks', uptimePolicy.claim.everyMs, deps.log, claim)
}

function toPostponed({
  leaseId,
  monitorId,
  dueAtMs,
  claimedAtMs,
  intervalSeconds,
}: ClaimedCheck): Postponed | undefined {
  const intervalMs = intervalSeconds * 1000
  const catchUpMsMax = uptimePolicy.catchUpSecondsMax * 1000
  const lateness = judgeLateness(
    dueAtMs,
    claimedAtMs,
    phaseOf(monitorId, intervalMs),
    intervalMs,
    catchUpMsMax,
  )
  return lateness.kind === 'on_time'
    ? undefined
    : { leaseId, dueAtMs: lateness.dueAtMs, missedSlots: lateness.missedSlots }
}

async function run(deps: CheckLoopDeps, check: ClaimedCheck, task: CheckTask): Promise<FinishedCheck> {
  const leave = await deps.politeness.enter(targetKey(task))
  try {
    const done = await deps.pool.run(task)
    return toFinished(check.leaseId, done, assess(task, done, check.degradedAfterMs))
  } finally {
    leave()
  }
}

export function assess(task: TaskOfType, { result }: CheckRun, degradedAfterMs: number | null): Assessment {
  return task.type === 'http' ? assessHttp(result, task.expectation) : assessTcp(result, degradedAfterMs)
}

export function toFinished(leaseId: string, done: CheckRun, assessment: Assessment): FinishedCheck {
  const { result, startedAtMs, endedAtMs } = done
  return {
    leaseId,
    startedAtMs,
    endedAtMs,
    outcome: assessment.outcome,
    code: assessment.code,
    values: assessment.values,
    statusCode: result.kind === 'answered' ? result.status : null,
    phases: result.phases,
    remoteAddress: result.kind === 'unable' ? null : result.remoteAddress,
  }
}
