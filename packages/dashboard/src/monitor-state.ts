import type { Monitor } from '@gatehouse/sdk'

/** Polling interval for a monitor whose first check is due. */
export const firstCheckPollMs = 1_500
const firstCheckMsMax = 30_000

type Seen = Pick<Monitor, 'type' | 'isActive' | 'lastCheckedAt' | 'createdAt'>

/** Whether a monitor was just created and its first check is due. */
export function isFirstCheckAwaited(monitor: Seen | undefined, nowMs = Date.now()): boolean {
  if (monitor === undefined || monitor.type === 'heartbeat') return false
  const { isActive, lastCheckedAt, createdAt } = monitor
  return isActive === 1 && lastCheckedAt === null && nowMs - Date.parse(createdAt) < firstCheckMsMax
}

type Shown = Pick<
  Monitor,
  'status' | 'phase' | 'maintenanceUntil' | 'autoResolveMaintenance' | 'lastErrorMessage'
>

/**
 * The displayed status of a monitor. During maintenance it is `maintenance`, as on its status page; while a failure
 * is being confirmed, it is neither up nor down. A monitor that has failed since its creation is `neverUp`, not down:
 * nobody is notified, and its creator has to correct it.
 */
export function toShownStatus(monitor: Shown): Monitor['status'] | 'confirming' | 'maintenance' | 'neverUp' {
  const { status, phase, maintenanceUntil, autoResolveMaintenance, lastErrorMessage } = monitor
  // Without an end, only the second condition shows that there is a maintenance.
  const isUnderMaintenance = maintenanceUntil !== null || autoResolveMaintenance === 0
  if (isUnderMaintenance && status !== 'paused') return 'maintenance'
  if (status === 'unknown' && lastErrorMessage !== null) return 'neverUp'
  return phase === 'confirming' ? 'confirming' : status
}
