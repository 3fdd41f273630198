import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { CheckPool } from '../checks/check-pool.ts'
import { targetKey } from '../checks/check-task.ts'
import type { Politeness } from '../checks/politeness.ts'
import { toCheckTask } from '../checks/to-check-task.ts'
import type { ManualCheck } from '../deps.ts'
import { isManualCheckNews } from '../domain/judge.ts'
import { writeMessage } from '../messages.ts'
import { lockMonitors, setNextCheck } from '../store/judge-store.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { insertUnleased } from '../store/ping-store.ts'
import { assess } from './check-loop.ts'
import type { JudgeDeps } from './judge-deps.ts'

export type CheckNowDeps = JudgeDeps & {
  readonly sealer: Sealer
  readonly pool: CheckPool
  readonly politeness: Politeness
}

/** One check by hand: stored, but without a say in any streak. One that brings news makes the monitor due at once. */
export async function checkNow(
  deps: CheckNowDeps,
  principal: Principal,
  monitorId: string,
): Promise<ManualCheck> {
  const { orgId } = principal
  const monitor = await within(deps, principal, (tx) => findMonitor(tx, monitorId))
  const task = monitor && toCheckTask(deps.sealer, { orgId, monitorId, ...monitor })
  if (monitor === undefined || task === undefined)
    throw new Error('The caller has proven that this monitor can be checked')
  const leave = await deps.politeness.enter(targetKey(task))
  const done = await deps.pool.run({ ...task, freshName: true }).finally(leave)
  const { outcome, code, values } = assess(task, done, monitor.degradedAfterMs)
  const statusCode = done.result.kind === 'answered' ? done.result.status : null
  const totalMs = done.result.phases.totalMs
  await within(deps, principal, async (tx) => {
    const [locked] = await lockMonitors(tx, [monitorId])
    if (locked === undefined) return
    const remoteAddress = done.result.kind === 'unable' ? null : done.result.remoteAddress
    const inMaintenance = locked.state.maintenance !== null
    const { startedAtMs } = done
    await insertUnleased(tx, {
      monitorId,
      startedAtMs,
      origin: 'manual',
      outcome,
      code,
      values,
      statusCode,
      totalMs,
      remoteAddress,
      inMaintenance,
    })
    if (isManualCheckNews(locked.state, outcome))
      await setNextCheck(tx, monitorId, { dueAtMs: deps.clock.now(), origin: 'scheduled' })
  })
  const message = code === null ? null : writeMessage(code, values, 'en')
  if (outcome === 'unknown') return { outcome, because: message ?? 'We could not check.' }
  return { outcome, responseTimeMs: totalMs, statusCode, errorMessage: message }
}
