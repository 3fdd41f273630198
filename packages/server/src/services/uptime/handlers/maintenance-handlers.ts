import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { maintenanceEndpoints } from '../contract/maintenance.ts'
import type { windowEndpoints } from '../contract/maintenance-windows.ts'
import type { UptimeDeps } from '../deps.ts'
import { endMaintenance } from '../usecases/end-maintenance.ts'
import { getMonitor } from '../usecases/get-monitor.ts'
import { listMaintenanceTimes } from '../usecases/list-maintenance-times.ts'
import { getService } from '../usecases/list-services.ts'
import {
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  listMaintenanceWindows,
  updateMaintenanceWindow,
} from '../usecases/maintenance-windows.ts'
import { startMaintenance, toStartBody } from '../usecases/start-maintenance.ts'

export function maintenanceHandlers(deps: UptimeDeps): HandlersOf<typeof maintenanceEndpoints> {
  return {
    startMonitorMaintenance: async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, body)
      return { monitor: await getMonitor(deps, caller, id) }
    },
    dashboardStartMonitorMaintenance: async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, toStartBody(deps, body))
      return { monitor: await getMonitor(deps, caller, id) }
    },
    endMonitorMaintenance: async (caller, { params: { id }, body }) => {
      await endMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, body)
      return { monitor: await getMonitor(deps, caller, id) }
    },
    startBulkMaintenance: async (caller, { body: { monitorIds, ...body } }) => ({
      updated: await startMaintenance(deps, caller, { kind: 'monitors', monitorIds }, body),
    }),
    endBulkMaintenance: async (caller, { body: { monitorIds, ...body } }) => ({
      updated: await endMaintenance(deps, caller, { kind: 'monitors', monitorIds }, body),
    }),
    startAllMaintenance: async (caller, { body }) => ({
      updated: await startMaintenance(deps, caller, { kind: 'all' }, body),
    }),
    endAllMaintenance: async (caller, { body }) => ({
      updated: await endMaintenance(deps, caller, { kind: 'all' }, body),
    }),
    startServiceMaintenance: async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'service', serviceId: id }, body)
      return { service: await getService(deps, caller, id) }
    },
    endServiceMaintenance: async (caller, { params: { id }, body }) => {
      await endMaintenance(deps, caller, { kind: 'service', serviceId: id }, body)
      return { service: await getService(deps, caller, id) }
    },
    startServiceMonitorMaintenance: async (caller, { params: { id, monitorId }, body }) => {
      await startMaintenance(deps, caller, { kind: 'monitor_of_service', monitorId, serviceId: id }, body)
      return { monitor: await getMonitor(deps, caller, monitorId) }
    },
    endServiceMonitorMaintenance: async (caller, { params: { id, monitorId }, body }) => {
      await endMaintenance(deps, caller, { kind: 'monitor_of_service', monitorId, serviceId: id }, body)
      return { monitor: await getMonitor(deps, caller, monitorId) }
    },
  }
}

export function windowHandlers(deps: UptimeDeps): HandlersOf<typeof windowEndpoints> {
  return {
    listMaintenanceWindows: async (caller) => ({ windows: await listMaintenanceWindows(deps, caller) }),
    listMaintenanceTimes: async (caller, { query }) => ({
      times: await listMaintenanceTimes(deps, caller, query),
    }),
    createMaintenanceWindow: async (caller, { body }) => ({
      window: await createMaintenanceWindow(deps, caller, body),
    }),
    updateMaintenanceWindow: async (caller, { params, body }) => ({
      window: await updateMaintenanceWindow(deps, caller, params.id, body),
    }),
    deleteMaintenanceWindow: async (caller, { params }) => {
      await deleteMaintenanceWindow(deps, caller, params.id)
      return { ok: true }
    },
  }
}
