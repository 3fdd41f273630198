import { decideAsSystem } from '@gatehouse/kernel/audit'
import { asWriter } from '@gatehouse/kernel/db'
import { uptimePolicy } from '../policy.ts'
import type { MonitorKey } from '../store/claim-store.ts'
import { bringForward, listFarDeadlines, listSeenInFuture } from '../store/clock-store.ts'
import { lockMonitors } from '../store/judge-store.ts'
import { applyEvents } from './apply-events.ts'
import { bringDeadlineForward } from './heartbeats.ts'
import type { JudgeDeps } from './judge-deps.ts'

const rowsMax = 500

/**
 * Repairs what a clock that stepped back has left in the future: checks and deadlines due later than any rule would
 * set them, leases that outlast every check, and monitors whose last check lies ahead.
 */
export async function followClock(deps: JudgeDeps): Promise<void> {
  const { claim, catchUpSecondsMax, confirmSpacingSeconds, clockToleranceSeconds } = uptimePolicy
  await asWriter(deps, (tx) =>
    bringForward(tx, { ...confirmSpacingSeconds, ...claim, catchUpSecondsMax, clockToleranceSeconds }),
  )
  for (const key of await asWriter(deps, (tx) => listSeenInFuture(tx, clockToleranceSeconds, rowsMax)))
    await loseSight(deps, key)
  const { heartbeatGraceSeconds, heartbeatExtensionSecondsMax } = uptimePolicy
  const bounds = { graceSeconds: heartbeatGraceSeconds.default, extraSeconds: heartbeatExtensionSecondsMax }
  for (const key of await asWriter(deps, (tx) => listFarDeadlines(tx, bounds, rowsMax)))
    await bringDeadlineForward(deps, key)
}

async function loseSight(deps: JudgeDeps, { orgId, monitorId }: MonitorKey): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'uptime' }, async (tx, decide) => {
    const [monitor] = await lockMonitors(tx, [monitorId])
    if (monitor === undefined) return
    const event = { kind: 'sight_lost', atMs: deps.clock.now() } as const
    await applyEvents(deps, tx, decide, monitor, [{ event }])
  })
}
