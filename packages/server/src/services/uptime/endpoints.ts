import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import * as channels from './contract/channels.ts'
import * as incidents from './contract/incidents.ts'
import * as maintenance from './contract/maintenance.ts'
import * as monitors from './contract/monitors.ts'
import * as services from './contract/services.ts'
import * as verification from './contract/verification.ts'
import type { UptimeDeps } from './deps.ts'
import { twoDoors } from './two-doors.ts'
import { addIncidentUpdate } from './usecases/add-incident-update.ts'
import { checkMonitor } from './usecases/check-monitor.ts'
import { createChannel } from './usecases/create-channel.ts'
import { createIncident } from './usecases/create-incident.ts'
import { createMonitor } from './usecases/create-monitor.ts'
import { createService } from './usecases/create-service.ts'
import { deleteChannel } from './usecases/delete-channel.ts'
import { deleteIncident } from './usecases/delete-incident.ts'
import { deleteMonitor } from './usecases/delete-monitor.ts'
import { deleteService } from './usecases/delete-service.ts'
import { endMaintenance } from './usecases/end-maintenance.ts'
import { getMonitor } from './usecases/get-monitor.ts'
import { getUptime } from './usecases/get-uptime.ts'
import {
  acknowledgeIncident,
  resolveIncident,
  setIncidentVisibility,
  updateIncident,
} from './usecases/handle-incident.ts'
import { getHeartbeatUrl, rotateHeartbeatToken } from './usecases/heartbeat-url.ts'
import { listChannels, listDeliveries } from './usecases/list-channels.ts'
import { listChecks } from './usecases/list-checks.ts'
import { getIncident, listIncidents } from './usecases/list-incidents.ts'
import { listMonitors } from './usecases/list-monitors.ts'
import { getService, listServices } from './usecases/list-services.ts'
import { renderVerificationPage } from './usecases/render-verification-page.ts'
import { setMonitorChannels } from './usecases/set-monitor-channels.ts'
import { startMaintenance, toStartBody } from './usecases/start-maintenance.ts'
import { testChannel } from './usecases/test-channel.ts'
import { updateChannel } from './usecases/update-channel.ts'
import { updateMonitor } from './usecases/update-monitor.ts'
import { updateService } from './usecases/update-service.ts'
import { isVerificationOpen, resendVerification, verifyChannel } from './usecases/verify-channel.ts'

const ok = { ok: true } as const
const success = { success: true } as const

/** Every operation of the API, joined to what answers it. */
export function uptimeEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    ...monitorEndpoints(deps),
    ...maintenanceEndpoints(deps),
    ...incidentEndpoints(deps),
    ...serviceEndpoints(deps),
    ...channelEndpoints(deps),
  ]
}

function monitorEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    ...twoDoors(monitors.listMonitors, (caller, { query }) => listMonitors(deps, caller, query)),
    ...twoDoors(monitors.getMonitor, async (caller, { params }) => ({
      monitor: await getMonitor(deps, caller, params.id),
    })),
    ...twoDoors(monitors.createMonitor, async (caller, { body }) => ({
      monitor: await createMonitor(deps, caller, body),
    })),
    ...twoDoors(monitors.updateMonitor, async (caller, { params, body }) => ({
      monitor: await updateMonitor(deps, caller, params.id, body),
    })),
    ...twoDoors(monitors.deleteMonitor, async (caller, { params }) => {
      await deleteMonitor(deps, caller, params.id)
      return ok
    }),
    ...twoDoors(monitors.checkMonitor, (caller, { params }) => checkMonitor(deps, caller, params.id)),
    ...twoDoors(monitors.getHeartbeatUrl, async (caller, { params }) => ({
      url: await getHeartbeatUrl(deps, caller, params.id),
    })),
    ...twoDoors(monitors.rotateToken, async (caller, { params }) => ({
      url: await rotateHeartbeatToken(deps, caller, params.id),
    })),
    ...twoDoors(monitors.listChecks, (caller, { params, query }) =>
      listChecks(deps, caller, params.id, query),
    ),
    ...twoDoors(monitors.getUptime, (caller, { params, query }) => getUptime(deps, caller, params.id, query)),
    ...twoDoors(monitors.setMonitorChannels, async (caller, { params, body }) => ({
      channels: await setMonitorChannels(
        deps,
        caller,
        params.id,
        body.channels.map(({ id: channelId, delaySeconds = null }) => ({ channelId, delaySeconds })),
      ),
    })),
  ]
}

function maintenanceEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    bind(maintenance.startMonitorMaintenance, async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, body)
      return { monitor: await getMonitor(deps, caller, id) }
    }),
    bind(maintenance.startMonitorMaintenanceForPeople, async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, toStartBody(deps, body))
      return { monitor: await getMonitor(deps, caller, id) }
    }),
    ...twoDoors(maintenance.endMonitorMaintenance, async (caller, { params: { id }, body }) => {
      await endMaintenance(deps, caller, { kind: 'monitors', monitorIds: [id] }, body)
      return { monitor: await getMonitor(deps, caller, id) }
    }),
    ...twoDoors(maintenance.startBulkMaintenance, async (caller, { body: { monitorIds, ...body } }) => ({
      updated: await startMaintenance(deps, caller, { kind: 'monitors', monitorIds }, body),
    })),
    ...twoDoors(maintenance.endBulkMaintenance, async (caller, { body: { monitorIds, ...body } }) => ({
      updated: await endMaintenance(deps, caller, { kind: 'monitors', monitorIds }, body),
    })),
    ...twoDoors(maintenance.startAllMaintenance, async (caller, { body }) => ({
      updated: await startMaintenance(deps, caller, { kind: 'all' }, body),
    })),
    ...twoDoors(maintenance.endAllMaintenance, async (caller, { body }) => ({
      updated: await endMaintenance(deps, caller, { kind: 'all' }, body),
    })),
    ...twoDoors(maintenance.startServiceMaintenance, async (caller, { params: { id }, body }) => {
      await startMaintenance(deps, caller, { kind: 'service', serviceId: id }, body)
      return { service: await getService(deps, caller, id) }
    }),
    ...twoDoors(maintenance.endServiceMaintenance, async (caller, { params: { id }, body }) => {
      await endMaintenance(deps, caller, { kind: 'service', serviceId: id }, body)
      return { service: await getService(deps, caller, id) }
    }),
    ...twoDoors(
      maintenance.startServiceMonitorMaintenance,
      async (caller, { params: { id, monitorId }, body }) => {
        await startMaintenance(deps, caller, { kind: 'monitor_of_service', monitorId, serviceId: id }, body)
        return { monitor: await getMonitor(deps, caller, monitorId) }
      },
    ),
    ...twoDoors(
      maintenance.endServiceMonitorMaintenance,
      async (caller, { params: { id, monitorId }, body }) => {
        await endMaintenance(deps, caller, { kind: 'monitor_of_service', monitorId, serviceId: id }, body)
        return { monitor: await getMonitor(deps, caller, monitorId) }
      },
    ),
  ]
}

function incidentEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    ...twoDoors(incidents.listIncidents, (caller, { query }) => listIncidents(deps, caller, query)),
    ...twoDoors(incidents.getIncident, async (caller, { params }) => ({
      incident: await getIncident(deps, caller, params.id),
    })),
    ...twoDoors(incidents.createIncident, async (caller, { body }) => ({
      incident: await createIncident(deps, caller, body),
    })),
    ...twoDoors(incidents.updateIncident, async (caller, { params, body }) => ({
      incident: await updateIncident(deps, caller, params.id, body),
    })),
    ...twoDoors(incidents.acknowledgeIncident, async (caller, { params }) => ({
      incident: await acknowledgeIncident(deps, caller, params.id),
    })),
    ...twoDoors(incidents.resolveIncident, async (caller, { params, body }) => ({
      incident: await resolveIncident(deps, caller, params.id, body.cause),
    })),
    ...twoDoors(incidents.addIncidentUpdate, async (caller, { params, body }) => ({
      update: await addIncidentUpdate(deps, caller, params.id, body),
    })),
    ...twoDoors(incidents.setIncidentVisibility, async (caller, { params, body }) => ({
      incident: await setIncidentVisibility(deps, caller, params.id, body.visibility),
    })),
    ...twoDoors(incidents.deleteIncident, async (caller, { params }) => {
      await deleteIncident(deps, caller, params.id)
      return undefined
    }),
  ]
}

function serviceEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    ...twoDoors(services.listServices, async (caller) => ({ services: await listServices(deps, caller) })),
    ...twoDoors(services.listStatusPages, async (caller) => ({
      statusPages: await listServices(deps, caller),
    })),
    ...[services.createService, services.createStatusPage].flatMap((endpoint) =>
      twoDoors(endpoint, async (caller, { body }) => ({ service: await createService(deps, caller, body) })),
    ),
    ...twoDoors(services.updateService, async (caller, { params, body }) => ({
      service: await updateService(deps, caller, params.id, body),
    })),
    ...twoDoors(services.deleteService, async (caller, { params }) => {
      await deleteService(deps, caller, params.id)
      return ok
    }),
  ]
}

function channelEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [
    ...twoDoors(channels.listChannels, async (caller) => ({ channels: await listChannels(deps, caller) })),
    ...twoDoors(channels.createChannel, (caller, { body }) => createChannel(deps, caller, body)),
    ...twoDoors(channels.updateChannel, (caller, { params, body }) =>
      updateChannel(deps, caller, params.id, body),
    ),
    ...twoDoors(channels.deleteChannel, async (caller, { params }) => {
      await deleteChannel(deps, caller, params.id)
      return ok
    }),
    ...twoDoors(channels.testChannel, async (caller, { params }) => {
      await testChannel(deps, caller, params.id)
      return success
    }),
    ...twoDoors(channels.resendVerification, async (caller, { params }) => {
      await resendVerification(deps, caller, params.id)
      return success
    }),
    ...twoDoors(channels.listDeliveries, (caller, { params, query }) =>
      listDeliveries(deps, caller, params.id, query),
    ),
    bind(verification.openVerification, async (_visitor, { query }, { header }) =>
      renderVerificationPage(
        (await isVerificationOpen(deps, query.token)) ? 'ask' : 'expired',
        header('accept-language'),
      ),
    ),
    bind(verification.confirmVerification, async (_visitor, { query }, { header }) =>
      renderVerificationPage(
        (await verifyChannel(deps, query.token)) ? 'done' : 'expired',
        header('accept-language'),
      ),
    ),
  ]
}
