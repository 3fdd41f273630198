import type { Monitor } from '@gatehouse/sdk'

/** Between two looks at a monitor whose first check is about to come. */
export const firstCheckPollMs = 1_500
const firstCheckMsMax = 30_000

type Seen = Pick<Monitor, 'type' | 'isActive' | 'lastCheckedAt' | 'createdAt'>

/** Whether a monitor has just been made and is about to be checked for the first time. */
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
 * What a monitor is shown as: under maintenance it is that, as on its status page; one whose failure is being confirmed
 * is neither up nor down. One that has failed since it was made has never been up, so that it is not down either: nobody is
 * told of it, and its maker has to mend it.
 */
export function toShownStatus(monitor: Shown): Monitor['status'] | 'confirming' | 'maintenance' | 'neverUp' {
  const { status, phase, maintenanceUntil, autoResolveMaintenance, lastErrorMessage } = monitor
  // Without an end only the second says that there is one.
  const isUnderMaintenance = maintenanceUntil !== null || autoResolveMaintenance === 0
  if (isUnderMaintenance && status !== 'paused') return 'maintenance'
  if (status === 'unknown' && lastErrorMessage !== null) return 'neverUp'
  return phase === 'confirming' ? 'confirming' : status
}
