import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MonitorReply, NewMonitorBody } from '../contract/monitor-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { newMonitorState } from '../domain/monitor.ts'
import { nameTarget } from '../domain/target.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertHeartbeat } from '../store/heartbeat-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { insertMonitor, type Monitor } from '../store/monitor-store.ts'
import { insertSchedule } from '../store/schedule-store.ts'
import { insertState } from '../store/state-store.ts'
import { chooseService } from './choose-service.ts'
import { followMaintenance } from './follow-maintenance.ts'
import { readMonitor } from './get-monitor.ts'
import { keepHeartbeatToken, newToken } from './heartbeat-token.ts'
import { sealMonitorSecrets } from './monitor-secrets.ts'
import { assertRoomForMonitor } from './plan-limits.ts'
import { parseMonitorType, prepareConfig } from './prepare-config.ts'

export async function createMonitor(
  deps: UptimeDeps,
  principal: Principal,
  body: NewMonitorBody,
): Promise<MonitorReply> {
  const type = parseMonitorType(body.type)
  const prepared = await prepareConfig(deps, type, body.config)
  const { auth, timeoutMs } = prepared
  if (auth === 'keep')
    throw problems.INVALID_CONFIG({
      fields: [{ field: 'config.auth', message: 'has nothing yet that could be kept' }],
    })
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const intervalSeconds = body.intervalSeconds ?? policy.intervalSeconds.default
    await assertRoomForMonitor(deps, tx, intervalSeconds)
    const { serviceId, entries } = await chooseService(tx, body.serviceId, now)
    const id = newId(now)
    const monitor: Monitor = {
      id,
      type,
      serviceId,
      name: body.name ?? nameTarget(prepared.target),
      config: prepared.config,
      sealedConfig: auth === 'none' ? null : sealMonitorSecrets(deps.sealer, tx.orgId, id, { auth }),
      intervalSeconds,
      isActive: body.isActive ?? true,
      downThreshold: body.downThreshold ?? policy.downThreshold.default,
      upThreshold: body.upThreshold ?? policy.upThreshold.default,
      confirmSpacingSeconds: body.confirmSpacingSeconds ?? null,
      degradedAfterMs: body.degradedAfterMs ?? null,
      notifyDegraded: body.notifyDegraded ?? false,
      renotifyMinutes: body.renotifyMinutes ?? policy.renotifyMinutes.default,
      tags: body.tags ?? [],
      createdAtMs: now,
      updatedAtMs: now,
    }
    await insertMonitor(tx, monitor)
    await insertState(tx, id, newMonitorState(now), now)
    if (type === 'heartbeat')
      await insertHeartbeat(tx, id, keepHeartbeatToken(deps, tx.orgId, id, newToken(deps)))
    if (monitor.isActive && timeoutMs !== null)
      await insertSchedule(tx, id, { intervalSeconds, timeoutMs }, now)
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
