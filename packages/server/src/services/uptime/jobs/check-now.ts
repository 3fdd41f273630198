import { recordTelemetry, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ManualCheck } from '../deps.ts'
import { isManualCheckNews } from '../domain/judge.ts'
import { writeMessage } from '../messages.ts'
import { lockMonitors, setNextChecks } from '../store/judge-store.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { insertUnleased } from '../store/ping-store.ts'
import { runCheck, type RunCheckDeps } from './run-check.ts'
import type { JudgeDeps } from './judge-deps.ts'

export type CheckNowDeps = JudgeDeps & RunCheckDeps

/**
 * Runs one manual check: stored, but counted in no streak. If it shows something new, the monitor becomes due
 * immediately.
 */
export async function checkNow(
  deps: CheckNowDeps,
  principal: Principal,
  monitorId: string,
): Promise<ManualCheck> {
  const { orgId } = principal
  const monitor = await within(deps, principal, (tx) => findMonitor(tx, monitorId))
  if (monitor === undefined) throw new Error('The caller has proven that this monitor exists')
  const { startedAtMs, looked } = await runCheck(deps, { orgId, monitorId, ...monitor }, true)
  const { outcome, code, values, statusCode, remoteAddress } = looked
  const { totalMs } = looked.phases
  await recordTelemetry(deps, principal, async (tx) => {
    const [locked] = await lockMonitors(tx, [monitorId])
    if (locked === undefined) return
    const inMaintenance = locked.state.maintenance !== null
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
      await setNextChecks(tx, [{ monitorId, dueAtMs: deps.clock.now(), origin: 'scheduled' }])
  })
  const message = code === null ? null : writeMessage(code, values, 'en')
  if (outcome === 'unknown') return { outcome, because: message ?? 'We could not check.' }
  return { outcome, responseTimeMs: totalMs, statusCode, errorMessage: message }
}
