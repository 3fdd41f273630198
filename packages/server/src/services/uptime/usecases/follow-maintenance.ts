import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { UptimeDeps } from '../deps.ts'
import { watchFrom } from '../domain/heartbeat.ts'
import type { Coverage, Covered } from '../domain/maintenance.ts'
import { heartbeatSettings } from './heartbeat-settings.ts'
import { lockHeartbeats, setDeadlines } from '../store/heartbeat-store.ts'
import { lockMonitors } from '../store/judge-store.ts'
import { type CoverageOf, loadCoverage } from './coverage.ts'

type Deps = Pick<UptimeDeps, 'engine'>

/** Updates monitors after a change of windows; `before` is the coverage before the change. */
export async function followMaintenance(
  deps: Deps,
  tx: AuditedTx,
  monitors: readonly Covered[],
  before: CoverageOf,
  atMs: number,
): Promise<void> {
  const after = await loadCoverage(tx, atMs)
  const changed = monitors.filter((monitor) => !isSame(before(monitor), after(monitor)))
  // Locks all in the order of their ids: locking them in groups could deadlock with the judge.
  await lockMonitors(
    tx,
    changed.map(({ monitorId }) => monitorId),
  )
  const groups = Map.groupBy(changed, (monitor) => {
    const coverage = after(monitor)
    return coverage === null ? 'over' : coverage.untilMs
  })
  for (const [untilMs, group] of groups) {
    const window = untilMs === 'over' ? null : { untilMs }
    const ids = group.map(({ monitorId }) => monitorId)
    await deps.engine.judgeEvent(tx, ids, { kind: 'maintenance', atMs, window })
    if (window === null) await watchHeartbeats(tx, ids, atMs)
  }
}

/** Heartbeats that were suspended during maintenance get their full time again from its end. */
export async function watchHeartbeats(
  tx: AuditedTx,
  monitorIds: readonly string[],
  nowMs: number,
): Promise<void> {
  const watched = await lockHeartbeats(tx, monitorIds)
  await setDeadlines(
    tx,
    watched.map(({ monitorId, stored, heartbeat }) => {
      const config = heartbeatSettings(stored)
      return {
        monitorId,
        deadlineMs: config === undefined ? null : watchFrom(heartbeat, config, nowMs).deadlineMs,
      }
    }),
  )
}

function isSame(a: Coverage | null, b: Coverage | null): boolean {
  return a === null || b === null ? a === b : a.untilMs === b.untilMs
}
