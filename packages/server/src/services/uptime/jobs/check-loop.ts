import { asWriter, type Invalidations } from '@gatehouse/kernel/db'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { CheckRun } from '../checks/check-pool.ts'
import { phaseOf } from '../checks/plan-next.ts'
import { judgeLateness } from '../domain/schedule.ts'
import { uptimePolicy } from '../policy.ts'
import { type ClaimedCheck, claimDue, postpone, type Postponed } from '../store/claim-store.ts'
import { checksAreDue } from '../store/schedule-store.ts'
import type { FinishedCheck, FlushLoop } from './flush-loop.ts'
import type { JudgeDeps } from './judge-deps.ts'
import { runCheck, type RunCheckDeps } from './run-check.ts'
import { startLoop, type Loop } from '../../../service/start-loop.ts'

export type CheckLoopDeps = JudgeDeps &
  RunCheckDeps & {
    readonly flush: FlushLoop
    readonly nodeId: string
    /** The polling interval for due checks, in case a notification was lost. */
    readonly everyMs: number
    readonly news: Pick<Invalidations, 'subscribe'>
  }

/** Claims due checks while places are free, runs them, and queues their results. */
export function startCheckLoop(deps: CheckLoopDeps): Loop {
  const held = new Map<string, number>()
  let places = 0

  const claim = async (): Promise<void> => {
    const queueMax = uptimePolicy.flush.queueMax * 0.8
    for (const confirming of [true, false]) {
      // While the database is unavailable results accumulate; more than can be written must not be checked.
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
      const run = await runCheck(deps, check, check.origin !== 'scheduled')
      deps.flush.add(toFinished(check.leaseId, run))
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

  return startLoop('uptime checks', deps.everyMs, deps.log, claim, (wake) =>
    deps.news.subscribe((subject) => {
      if (subject === checksAreDue || subject === '*') wake()
    }),
  )
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

function toFinished(leaseId: string, { startedAtMs, endedAtMs, looked }: CheckRun): FinishedCheck {
  return { leaseId, startedAtMs, endedAtMs, ...looked }
}
