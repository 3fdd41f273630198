import { defineEndpoint, instant, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { twoDoors } from '../../../service/two-doors.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { monitorReply } from './monitor-shapes.ts'
import { serviceReply } from './service-shapes.ts'
import { bounded, byId } from '../../../service/shapes.ts'

const tag = 'maintenance'
const writesMonitors = { kind: 'key', scope: 'monitors:write' } as const
const writesServices = { kind: 'key', scope: 'services:write' } as const
const problems = ['NOT_FOUND'] as const

const manner = {
  notify: z.boolean().optional(),
  autoResolve: z.boolean().optional(),
}
const start = z.strictObject({ maintenanceUntil: instant, ...manner })
const end = z.strictObject({ notify: z.boolean().optional() })
const monitorIds = z
  .array(text(1, 64))
  .min(1, 'must name at least one monitor')
  .max(policy.bulkIdsMax, `must name at most ${policy.bulkIdsMax} monitors`)

/** The body for signed-in members: a duration instead of an end. */
const startForPeople = z
  .strictObject({
    durationSeconds: bounded(policy.maintenanceDurationSeconds).optional(),
    maintenanceUntil: instant.optional(),
    ...manner,
  })
  .refine(
    (body) => (body.durationSeconds === undefined) !== (body.maintenanceUntil === undefined),
    'must name either durationSeconds or maintenanceUntil',
  )

export type StartBody = z.output<typeof start>
export type StartForPeopleBody = z.output<typeof startForPeople>
export type EndBody = z.output<typeof end>

const oneMonitor = { status: 200, schema: z.strictObject({ monitor: monitorReply }) } as const
const oneService = { status: 200, schema: z.strictObject({ service: serviceReply }) } as const
/** The number of monitors in the call's scope. */
const updated = { status: 200, schema: z.strictObject({ updated: z.int() }) } as const

const ofService = z.strictObject({ id: text(1, 64), monitorId: text(1, 64) })

export const startMonitorMaintenance = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors/{id}/maintenance',
  id: 'startMonitorMaintenance',
  summary: 'Start maintenance for a monitor',
  tag,
  access: writesMonitors,
  params: byId,
  body: start,
  reply: oneMonitor,
  example: { body: { maintenanceUntil: '2026-01-31T14:00:00.000Z' } },
  problems,
})

/** The older form, used by clients of signed-in members, with a duration in seconds. */
export const startMonitorMaintenanceForPeople = defineEndpoint({
  ...startMonitorMaintenance,
  path: '/dashboard/monitors/{id}/maintenance',
  id: 'dashboardStartMonitorMaintenance',
  access: { kind: 'session', role: 'member' },
  body: startForPeople,
})

export const endMonitorMaintenance = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/monitors/{id}/maintenance',
  id: 'endMonitorMaintenance',
  summary: 'End the maintenance of a monitor',
  tag,
  access: writesMonitors,
  params: byId,
  body: end,
  reply: oneMonitor,
  problems,
})

export const startBulkMaintenance = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors/bulk/maintenance',
  id: 'startBulkMaintenance',
  summary: 'Start maintenance for several monitors; if one of them does not exist, it starts for none',
  tag,
  access: writesMonitors,
  body: start.extend({ monitorIds }),
  reply: updated,
  example: {
    body: { monitorIds: ['01K7Z3N8Q4W2X5Y6A7B8C9D0EF'], maintenanceUntil: '2026-01-31T14:00:00.000Z' },
  },
  problems,
})

export const endBulkMaintenance = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/monitors/bulk/maintenance',
  id: 'endBulkMaintenance',
  summary: 'End the maintenance of several monitors',
  tag,
  access: writesMonitors,
  body: end.extend({ monitorIds }),
  reply: updated,
  problems,
})

export const startAllMaintenance = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors/all/maintenance',
  id: 'startAllMaintenance',
  summary: 'Start maintenance for all monitors, including monitors created while it lasts',
  tag,
  access: writesMonitors,
  body: start,
  reply: updated,
  example: { body: { maintenanceUntil: '2026-01-31T14:00:00.000Z' } },
  problems: [],
})

export const endAllMaintenance = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/monitors/all/maintenance',
  id: 'endAllMaintenance',
  summary: 'End all active maintenance',
  tag,
  access: writesMonitors,
  body: end,
  reply: updated,
  problems: [],
})

export const startServiceMaintenance = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/maintenance',
  id: 'startServiceMaintenance',
  summary: 'Start maintenance for all monitors of a status page',
  tag,
  access: writesServices,
  params: byId,
  body: start,
  reply: oneService,
  example: { body: { maintenanceUntil: '2026-01-31T14:00:00.000Z' } },
  problems,
})

export const endServiceMaintenance = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}/maintenance',
  id: 'endServiceMaintenance',
  summary: 'End the maintenance of a status page',
  tag,
  access: writesServices,
  params: byId,
  body: end,
  reply: oneService,
  problems,
})

export const startServiceMonitorMaintenance = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/monitors/{monitorId}/maintenance',
  id: 'startServiceMonitorMaintenance',
  summary: 'Start maintenance for one monitor of a status page',
  tag,
  access: writesServices,
  params: ofService,
  body: start,
  reply: oneMonitor,
  example: { body: { maintenanceUntil: '2026-01-31T14:00:00.000Z' } },
  problems,
})

export const endServiceMonitorMaintenance = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}/monitors/{monitorId}/maintenance',
  id: 'endServiceMonitorMaintenance',
  summary: 'End the maintenance of one monitor of a status page',
  tag,
  access: writesServices,
  params: ofService,
  body: end,
  reply: oneMonitor,
  problems,
})

export const maintenanceEndpoints = [
  ...twoDoors(
    endMonitorMaintenance,
    startBulkMaintenance,
    endBulkMaintenance,
    startAllMaintenance,
    endAllMaintenance,
    startServiceMaintenance,
    endServiceMaintenance,
    startServiceMonitorMaintenance,
    endServiceMonitorMaintenance,
  ),
  startMonitorMaintenance,
  startMonitorMaintenanceForPeople,
]
