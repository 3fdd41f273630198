import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { monitorEndpoints } from '../contract/monitors.ts'
import type { responseTimeEndpoints } from '../contract/response-times.ts'
import type { UptimeDeps } from '../deps.ts'
import { changeMonitors } from '../usecases/change-monitors.ts'
import { checkMonitor } from '../usecases/check-monitor.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { deleteMonitor } from '../usecases/delete-monitor.ts'
import { deleteMonitors } from '../usecases/delete-monitors.ts'
import { getMonitor } from '../usecases/get-monitor.ts'
import { getResponseTimes } from '../usecases/get-response-times.ts'
import { getUptime } from '../usecases/get-uptime.ts'
import { getHeartbeatUrl, rotateHeartbeatToken } from '../usecases/heartbeat-url.ts'
import { listChecks } from '../usecases/list-checks.ts'
import { listMonitorChannels } from '../usecases/list-monitor-channels.ts'
import { listMonitors } from '../usecases/list-monitors.ts'
import { setMonitorChannels } from '../usecases/set-monitor-channels.ts'
import { updateMonitor } from '../usecases/update-monitor.ts'

const ok = { ok: true } as const

export function monitorHandlers(
  deps: UptimeDeps,
): HandlersOf<typeof monitorEndpoints | typeof responseTimeEndpoints> {
  return {
    listMonitors: (caller, { query }) => listMonitors(deps, caller, query),
    getMonitor: async (caller, { params }) => ({
      monitor: await getMonitor(deps, caller, params.id),
    }),
    createMonitor: async (caller, { body }) => ({
      monitor: await createMonitor(deps, caller, body),
    }),
    updateMonitor: async (caller, { params, body }) => ({
      monitor: await updateMonitor(deps, caller, params.id, body),
    }),
    deleteMonitor: async (caller, { params }) => {
      await deleteMonitor(deps, caller, params.id)
      return ok
    },
    changeMonitors: async (caller, { body }) => ({ updated: await changeMonitors(deps, caller, body) }),
    deleteMonitors: async (caller, { body }) => ({
      deleted: await deleteMonitors(deps, caller, body.monitorIds),
    }),
    checkMonitor: (caller, { params }) => checkMonitor(deps, caller, params.id),
    getHeartbeatUrl: async (caller, { params }) => ({
      url: await getHeartbeatUrl(deps, caller, params.id),
    }),
    rotateToken: async (caller, { params }) => ({
      url: await rotateHeartbeatToken(deps, caller, params.id),
    }),
    listChecks: (caller, { params, query }) => listChecks(deps, caller, params.id, query),
    getResponseTimes: (caller, { params, query }) => getResponseTimes(deps, caller, params.id, query),
    getUptime: (caller, { params, query }) => getUptime(deps, caller, params.id, query),
    listMonitorChannels: async (caller, { params }) => ({
      channels: await listMonitorChannels(deps, caller, params.id),
    }),
    setMonitorChannels: async (caller, { params, body }) => ({
      channels: await setMonitorChannels(
        deps,
        caller,
        params.id,
        body.channels.map(({ id: channelId, delaySeconds = null }) => ({ channelId, delaySeconds })),
      ),
    }),
  }
}
