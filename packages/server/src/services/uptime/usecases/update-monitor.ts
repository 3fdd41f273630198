import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MonitorChangeBody, MonitorReply } from '../contract/monitor-shapes.ts'
import { openMonitorSecrets, sealMonitorSecrets } from '../checks/monitor-secrets.ts'
import type { UptimeDeps } from '../deps.ts'
import { isTargetChanged } from '../domain/target.ts'
import { isTold, type StoredWatch, targetOf, timeoutOf } from '../monitor-types/watch.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { dropLeases, lockMonitors, raisePageVersion } from '../store/judge-store.ts'
import {
  findMonitor,
  lockMonitor,
  type Monitor,
  type MonitorSettings,
  setMonitorSettings,
} from '../store/monitor-store.ts'
import { deleteSchedules, insertSchedules, type Pace, setSchedulePace } from '../store/schedule-store.ts'
import { setDeadlines } from '../store/heartbeat-store.ts'
import { chooseService } from './choose-service.ts'
import { loadCoverage } from './coverage.ts'
import { followMaintenance, watchHeartbeats } from './follow-maintenance.ts'
import { readMonitor } from './get-monitor.ts'
import { assertIntervalAllowed, assertRoomForActiveMonitor } from './plan-limits.ts'
import { parseMonitorType, type PreparedConfig, prepareConfig, refuseMember } from './prepare-config.ts'

export async function updateMonitor(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  change: MonitorChangeBody,
): Promise<MonitorReply> {
  const known = await within(deps, principal, (tx) => findMonitor(tx, id))
  if (known === undefined) throw notFound()
  // A monitor's type never changes, so the config can be validated before the transaction, which may wait for locks.
  const prepared =
    change.config === undefined
      ? undefined
      : await prepareConfig(
          { egress: deps.egress.forOrg(principal.orgId) },
          parseMonitorType(known.type),
          change.config,
        )
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const before = await lockMonitor(tx, id)
    if (before === undefined) throw notFound()
    // The judge locks a monitor's state first, so callers that change more than its row do the same.
    await lockMonitors(tx, [id])
    const after = await decideSettings(deps, tx, before, change, prepared, now)
    await setMonitorSettings(tx, id, after, now)
    await follow(deps, tx, before, { ...before, ...after }, now)
    return {
      result: await readMonitor(deps, tx, id),
      entry: { action: 'monitor.update', resourceId: id, detail: { fields: listFields(change) }, at: now },
    }
  })
}

async function decideSettings(
  deps: UptimeDeps,
  tx: AuditedTx,
  before: Monitor,
  change: MonitorChangeBody,
  prepared: PreparedConfig | undefined,
  now: number,
): Promise<MonitorSettings> {
  const { config: _config, ...settings } = change
  if (settings.intervalSeconds !== undefined) await assertIntervalAllowed(deps, tx, settings.intervalSeconds)
  if (settings.isActive === true && !before.isActive) await assertRoomForActiveMonitor(deps, tx)
  if (settings.serviceId !== undefined) await chooseService(tx, settings.serviceId, now)
  const given = withoutGaps(settings)
  return {
    ...before,
    ...given,
    ...(prepared === undefined
      ? {}
      : {
          config: prepared.config,
          stored: { isKnown: true, watch: prepared.watch },
          sealedConfig: decideSecrets(deps, tx.orgId, before, prepared),
        }),
  }
}

function decideSecrets(
  deps: UptimeDeps,
  orgId: string,
  before: Monitor,
  { watch, secrets, keeps }: PreparedConfig,
): string | null {
  const [first] = keeps
  if (first === undefined) return sealMonitorSecrets(deps.sealer, orgId, before.id, secrets)
  const nothing = 'has nothing yet that could be kept'
  if (before.sealedConfig === null) throw refuseMember(first, nothing)
  // A kept secret must not be sent to a new target: otherwise an editor could redirect a secret they cannot read to
  // their own host.
  if (isTargetChanged(targetInput(before.stored), targetInput({ isKnown: true, watch })))
    throw refuseMember(first, 'must be given again, because the target is another one')
  const opened = new Map(Object.entries(openMonitorSecrets(deps.sealer, orgId, before)))
  const missing = keeps.find((member) => !opened.has(member))
  if (missing !== undefined) throw refuseMember(missing, nothing)
  if (opened.size === keeps.length && Object.keys(secrets).length === 0) return before.sealedConfig
  const remaining = Object.fromEntries(keeps.map((member) => [member, opened.get(member)]))
  return sealMonitorSecrets(deps.sealer, orgId, before.id, { ...remaining, ...secrets })
}

/**
 * Updates schedule, state, maintenance and pages after the change. The judge comes last, because it appends to the
 * audit chain.
 */
async function follow(
  deps: UptimeDeps,
  tx: AuditedTx,
  before: Monitor,
  after: Monitor,
  now: number,
): Promise<void> {
  const { id, type, serviceId } = after
  if (isTold(type)) await followDeadline(tx, before, after, now)
  else await followSchedule(tx, before, after)
  if (before.serviceId !== serviceId || before.name !== after.name)
    for (const page of new Set([before.serviceId, serviceId].toSorted())) await raisePageVersion(tx, page)
  const judge = (kind: 'paused' | 'resumed' | 'target_changed'): Promise<void> =>
    deps.engine.judgeEvent(tx, [id], { kind, atMs: now })
  if (isTargetChanged(targetInput(before.stored), targetInput(after.stored))) await judge('target_changed')
  if (before.isActive !== after.isActive) await judge(after.isActive ? 'resumed' : 'paused')
  if (before.serviceId === serviceId) return
  const coverageOf = await loadCoverage(tx, now)
  const covered = coverageOf({ monitorId: id, serviceId: before.serviceId })
  await followMaintenance(deps, tx, [{ monitorId: id, serviceId }], () => covered, now)
}

async function followSchedule(tx: AuditedTx, before: Monitor, after: Monitor): Promise<void> {
  const { id, intervalSeconds } = after
  if (!after.isActive) return deleteSchedules(tx, [id])
  const pace = toPace(after)
  if (!before.isActive) return insertSchedules(tx, [pace])
  if (intervalSeconds !== before.intervalSeconds || pace.timeoutMs !== toTimeoutMs(before))
    await setSchedulePace(tx, id, pace)
  // A running check uses the old config, so its result does not apply to the new one.
  if (
    JSON.stringify(before.config) !== JSON.stringify(after.config) ||
    before.sealedConfig !== after.sealedConfig
  )
    await dropLeases(tx, [id])
}

async function followDeadline(tx: AuditedTx, before: Monitor, after: Monitor, now: number): Promise<void> {
  const { id } = after
  if (!after.isActive) return setDeadlines(tx, [{ monitorId: id, deadlineMs: null }])
  const isSamePace = JSON.stringify(before.config) === JSON.stringify(after.config)
  if (!before.isActive || !isSamePace) await watchHeartbeats(tx, [id], now)
}

/** How a monitor is checked while it is active. */
export function toPace(monitor: Monitor): Pace & { readonly monitorId: string } {
  return {
    monitorId: monitor.id,
    intervalSeconds: monitor.intervalSeconds,
    timeoutMs: toTimeoutMs(monitor),
  }
}

/** An unreadable config is not checked, so the stored time-out is kept. */
function toTimeoutMs({ stored }: Monitor): number {
  return (stored.isKnown ? timeoutOf(stored.watch) : null) ?? policy.timeoutMs.default
}

function targetInput(stored: StoredWatch) {
  return stored.isKnown ? (targetOf(stored.watch)?.input ?? null) : null
}

/** Names only, because values of a config may be secret and must not be in the audit chain. */
function listFields(change: MonitorChangeBody): readonly string[] {
  return Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
}

function notFound(): Error {
  return problems.NOT_FOUND({ detail: 'Monitor not found' })
}
