import { asWriter, recordTelemetry } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import type { PlatformDeps } from '../deps.ts'
import { judgeUsageAnomaly } from '../domain/judge-usage-anomaly.ts'
import { policy } from '../policy.ts'
import { type BusyOrg, insertUsageAnomaly, listBusyOrgs } from '../store/usage-anomaly-store.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

type AnomalyDeps = Pick<PlatformDeps, 'db' | 'clock'>

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Judges the last full hour whose calls every node has written, and notifies each org at most once per UTC day. */
export async function tellUsageAnomalies(
  deps: AnomalyDeps,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  const settledMs = deps.clock.now() - policy.usageSettleMinutes * 60_000
  const hourFromMs = Math.floor(settledMs / hourMs) * hourMs - hourMs
  const busy = await asWriter(deps, (tx) => listBusyOrgs(tx, hourFromMs, policy.usageAnomaly))
  const failures: unknown[] = []
  for (const org of busy) {
    signal.throwIfAborted()
    await tellOrg(deps, org, hourFromMs).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `The usage of ${failures.length} orgs could not be judged`)
}

async function tellOrg(
  deps: AnomalyDeps,
  { orgId, calls, history }: BusyOrg,
  hourFromMs: number,
): Promise<void> {
  const verdict = judgeUsageAnomaly(calls, history, policy.usageAnomaly)
  if (!verdict.anomalous) return
  const { usualCalls, thresholdCalls } = verdict
  const anomaly = { dayMs: Math.floor(hourFromMs / dayMs) * dayMs, hourFromMs, calls, usualCalls }
  await recordTelemetry(deps, { kind: 'system', orgId, because: 'usage anomaly' }, async (tx) => {
    if (!(await insertUsageAnomaly(tx, anomaly))) return
    const data = {
      hour: new Date(hourFromMs).toISOString(),
      calls,
      usual_calls: usualCalls,
      threshold_calls: thresholdCalls,
    }
    await publishPlatformEvent(tx, 'usage.anomaly', data, deps.clock.now())
  })
}
