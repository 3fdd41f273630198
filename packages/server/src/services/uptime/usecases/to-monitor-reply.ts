import { toFlag, toTime, toTimeOrNull } from '../contract/shapes.ts'
import type { MonitorReply } from '../contract/monitor-shapes.ts'
import { confirmSpacingSeconds, detectionSeconds } from '../domain/confirmation.ts'
import type { Coverage } from '../domain/maintenance.ts'
import { uptimePolicy as policy } from '../policy.ts'
import type { ObservedMonitor } from '../store/monitor-store.ts'

/** A monitor as the API shows it; `coverage` is the maintenance that it is under. */
export function toMonitorReply(
  orgId: string,
  monitor: ObservedMonitor,
  coverage: Coverage | null,
): MonitorReply {
  const { state } = monitor
  return {
    id: monitor.id,
    teamId: orgId,
    serviceId: monitor.serviceId,
    type: monitor.type,
    name: monitor.name,
    status: monitor.status,
    config: monitor.config,
    intervalSeconds: monitor.intervalSeconds,
    isActive: toFlag(monitor.isActive),
    lastCheckedAt: toTimeOrNull(monitor.lastCheckedAtMs),
    lastErrorMessage: monitor.lastErrorMessage,
    maintenanceUntil: toTimeOrNull(coverage?.announcedUntilMs ?? null),
    autoResolveMaintenance: toFlag(coverage === null || coverage.untilMs !== null),
    createdAt: toTime(monitor.createdAtMs),
    updatedAt: toTime(monitor.updatedAtMs),
    phase: state.phase,
    firstUpAt: toTimeOrNull(state.firstUpAtMs),
    flapping: toFlag(state.flapping.window !== null),
    nextCheckAt: toTimeOrNull(monitor.nextDueAtMs),
    detectionSeconds: toDetection(monitor),
    lastResponseMs: monitor.lastResponseMs,
    downThreshold: monitor.downThreshold,
    upThreshold: monitor.upThreshold,
    confirmSpacingSeconds: monitor.confirmSpacingSeconds,
    degradedAfterMs: monitor.degradedAfterMs,
    notifyDegraded: toFlag(monitor.notifyDegraded),
    renotifyMinutes: monitor.renotifyMinutes,
    tags: [...monitor.tags],
  }
}

function toDetection(monitor: ObservedMonitor): MonitorReply['detectionSeconds'] {
  const { timeoutMs } = monitor.config
  if (typeof timeoutMs !== 'number') return null
  const { intervalSeconds, downThreshold } = monitor
  const spacing = confirmSpacingSeconds(
    intervalSeconds,
    monitor.confirmSpacingSeconds,
    policy.confirmSpacingSeconds,
  )
  return detectionSeconds(intervalSeconds, spacing, timeoutMs, downThreshold, policy.recheckPauseMs)
}
