import { showHost, showUrl } from '@gatehouse/kernel/endpoint'
import { pickShown } from '../../../service/pick-shown.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import { toFlag, toWire } from '../contract/shapes.ts'
import { type MonitorReply, shownSettings } from '../contract/monitor-shapes.ts'
import { confirmSpacingSeconds, detectionSeconds } from '../domain/confirmation.ts'
import type { Coverage } from '../domain/maintenance.ts'
import { nameTarget } from '../domain/target.ts'
import { writeMessage } from '../messages.ts'
import { targetOf, timeoutOf } from '../monitor-types/watch.ts'
import { uptimePolicy as policy } from '../policy.ts'
import type { ObservedMonitor } from '../store/monitor-store.ts'

/** A monitor as the API shows it; `coverage` is its current maintenance. */
export function toMonitorReply(
  orgId: string,
  monitor: ObservedMonitor,
  coverage: Coverage | null,
): MonitorReply {
  return {
    id: monitor.id,
    teamId: orgId,
    serviceId: monitor.serviceId,
    type: monitor.type,
    name: monitor.name,
    status: monitor.status,
    config: monitor.config,
    shownTarget: toShownTarget(monitor),
    lastCheckedAt: toTimeOrNull(monitor.lastCheckedAtMs),
    ...toLastError(monitor),
    maintenanceUntil: toTimeOrNull(coverage?.announcedUntilMs ?? null),
    autoResolveMaintenance: toFlag(coverage === null || coverage.untilMs !== null),
    createdAt: toTime(monitor.createdAtMs),
    updatedAt: toTime(monitor.updatedAtMs),
    phase: monitor.phase,
    firstUpAt: toTimeOrNull(monitor.firstUpAtMs),
    flapping: toFlag(monitor.isFlapping),
    nextCheckAt: toTimeOrNull(monitor.nextDueAtMs),
    detectionSeconds: toDetection(monitor),
    lastResponseMs: monitor.lastResponseMs,
    ...pickShown(shownSettings, monitor, toWire),
  }
}

function toShownTarget({ stored }: ObservedMonitor): string | null {
  const target = stored.isKnown ? targetOf(stored.watch) : null
  if (target === null) return null
  const { input } = target
  return typeof input === 'string' ? showUrl(input) : nameTarget(input, showHost)
}

/** An unreadable config is reported immediately, without waiting for a check. */
function toLastError({
  stored,
  lastErrorMessage,
  lastErrorReason,
}: ObservedMonitor): Pick<MonitorReply, 'lastErrorMessage' | 'lastErrorReason'> {
  if (stored.isKnown) return { lastErrorMessage, lastErrorReason }
  const { fault } = stored
  return { lastErrorMessage: writeMessage(fault.code, fault.values, 'en'), lastErrorReason: fault }
}

function toDetection(monitor: ObservedMonitor): MonitorReply['detectionSeconds'] {
  const timeoutMs = monitor.stored.isKnown ? timeoutOf(monitor.stored.watch) : null
  if (timeoutMs === null) return null
  const { intervalSeconds, downThreshold } = monitor
  const spacing = confirmSpacingSeconds(
    intervalSeconds,
    monitor.confirmSpacingSeconds,
    policy.confirmSpacingSeconds,
  )
  return detectionSeconds(intervalSeconds, spacing, timeoutMs, downThreshold, policy.recheckPauseMs)
}
