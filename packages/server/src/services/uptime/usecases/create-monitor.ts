import { mutate } from '@gatehouse/kernel/audit'
import { showHost, withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { initialSettings, type MonitorReply, type NewMonitorBody } from '../contract/monitor-shapes.ts'
import { sealMonitorSecrets } from '../checks/monitor-secrets.ts'
import type { UptimeDeps } from '../deps.ts'
import { newMonitorState } from '../domain/monitor.ts'
import { nameTarget } from '../domain/target.ts'
import { isTold, targetOf, timeoutOf, titleOf, type Watch } from '../monitor-types/watch.ts'
import { insertHeartbeat } from '../store/heartbeat-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { insertMonitor, type Monitor } from '../store/monitor-store.ts'
import { insertSchedules } from '../store/schedule-store.ts'
import { insertState } from '../store/state-store.ts'
import { chooseService } from './choose-service.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { readMonitor } from './get-monitor.ts'
import { keepHeartbeatToken, newToken } from './heartbeat-token.ts'
import { assertRoomForMonitor } from './plan-limits.ts'
import { parseMonitorType, prepareConfig, refuseMember } from './prepare-config.ts'

export async function createMonitor(
  deps: UptimeDeps,
  principal: Principal,
  body: NewMonitorBody,
): Promise<MonitorReply> {
  const type = parseMonitorType(body.type)
  const prepared = await prepareConfig({ egress: deps.egress.forOrg(principal.orgId) }, type, body.config)
  const { watch, secrets, keeps } = prepared
  if (keeps[0] !== undefined) throw refuseMember(keeps[0], 'has nothing yet that could be kept')
  const timeoutMs = timeoutOf(watch)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const settings = { ...initialSettings, ...toGiven(body) }
    const { intervalSeconds } = settings
    await assertRoomForMonitor(deps, tx, intervalSeconds)
    const { serviceId, entries } = await chooseService(tx, body.serviceId, now)
    const id = newId(now)
    const monitor: Monitor = {
      ...settings,
      id,
      type,
      serviceId,
      name: body.name ?? nameOf(watch),
      config: prepared.config,
      stored: { isKnown: true, watch },
      sealedConfig: sealMonitorSecrets(deps.sealer, tx.orgId, id, secrets),
      lastManualCheckAtMs: null,
      createdAtMs: now,
      updatedAtMs: now,
    }
    await insertMonitor(tx, monitor)
    await insertState(tx, id, newMonitorState(now), now)
    if (isTold(type)) await insertHeartbeat(tx, id, keepHeartbeatToken(deps, tx.orgId, id, newToken(deps)))
    if (monitor.isActive && timeoutMs !== null)
      await insertSchedules(tx, [{ monitorId: id, intervalSeconds, timeoutMs }])
    await followMaintenance(deps, tx, [{ monitorId: id, serviceId }], () => null, now)
    if (!monitor.isActive) await deps.engine.judgeEvent(tx, [id], { kind: 'paused', atMs: now })
    await raisePageVersion(tx, serviceId)
    const detail = { type, name: monitor.name, serviceId }
    return {
      result: await readMonitor(deps, tx, id),
      entry: [{ action: 'monitor.create', resourceId: id, detail, at: now }, ...entries],
    }
  })
}

function nameOf(watch: Watch): string {
  const target = targetOf(watch)
  return target === null ? titleOf(watch) : nameTarget(target.input, showHost)
}

/** The settings that were sent. */
function toGiven(body: NewMonitorBody): Partial<typeof initialSettings> {
  const { type: _type, name: _name, config: _config, serviceId: _serviceId, ...settings } = body
  return withoutGaps(settings)
}
