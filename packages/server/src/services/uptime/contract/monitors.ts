import {
  defineEndpoint,
  displayName,
  instant,
  text,
  wholeNumber,
  readsTool,
} from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { twoDoors } from '../../../service/two-doors.ts'
import {
  monitorChange,
  monitorChangeByType,
  monitorDay,
  monitorReply,
  monitorStatus,
  newMonitor,
  newMonitorByType,
  timelineState,
} from './monitor-shapes.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { reasonValues } from './reason.ts'
import { byId, done, nextCursor, nothing, page, time, timeZone } from '../../../service/shapes.ts'
import { atLeastOne, hasMembers } from './shapes.ts'

const tag = 'monitors'
const reads = { kind: 'key', scope: 'monitors:read' } as const
const writes = { kind: 'key', scope: 'monitors:write' } as const

const oneMonitor = z.strictObject({ monitor: monitorReply })

export const monitorSorts = ['created', '-created', 'worst', '-worst', 'name', '-name'] as const

export const monitorQuery = z.strictObject({
  status: monitorStatus.optional(),
  type: text(1, 50).optional(),
  tag: text(1, 50).optional(),
  /** Matches part of the name or of the target, ignoring case. */
  q: text(1, 200).optional(),
  /** Monitors of one status page, or of all but one. */
  serviceId: text(1, 64).optional(),
  exceptServiceId: text(1, 64).optional(),
  /** `worst`: most severe status first; a leading minus reverses the order. Default: `created`. */
  sort: z.enum(monitorSorts).optional(),
  /** `day`: adds the last 24 hours of each monitor. */
  include: z.enum(['day']).optional(),
  ...page,
})

export const listMonitors = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors',
  id: 'listMonitors',
  summary: 'List monitors',
  description:
    'Without `limit`, the reply contains all monitors. With `limit`, it contains one page, and `nextCursor` if there are more. The first page also contains the total number.',
  tag,
  access: reads,
  query: monitorQuery,
  tool: { name: 'list_monitors', annotations: readsTool },
  reply: {
    status: 200,
    schema: z.strictObject({
      monitors: z.array(monitorReply),
      nextCursor,
      total: z.int().optional(),
      /** By monitor id; present if it was asked for. */
      days: z.record(z.string(), monitorDay).optional(),
    }),
  },
  problems: [],
})

export const getMonitor = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}',
  id: 'getMonitor',
  summary: 'Read one monitor',
  tag,
  access: reads,
  params: byId,
  tool: { name: 'get_monitor', annotations: readsTool },
  reply: { status: 200, schema: oneMonitor },
  problems: ['NOT_FOUND'],
})

export const createMonitor = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors',
  id: 'createMonitor',
  summary: 'Create a monitor',
  tag,
  access: writes,
  body: newMonitor,
  documentedBody: newMonitorByType,
  reply: { status: 201, schema: oneMonitor },
  example: { body: { type: 'http', name: 'Shop', config: { url: 'https://shop.example.com/' } } },
  problems: ['INVALID_TYPE', 'INVALID_CONFIG', 'MONITOR_LIMIT_REACHED', 'INTERVAL_TOO_SHORT', 'NOT_FOUND'],
})

export const updateMonitor = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/monitors/{id}',
  id: 'updateMonitor',
  summary: 'Change a monitor',
  description:
    '`config` replaces the complete configuration; a secret that is sent back as `{"set": true}` stays unchanged. The type of a monitor cannot be changed.',
  tag,
  access: writes,
  params: byId,
  body: monitorChange.refine(hasMembers, atLeastOne),
  documentedBody: monitorChangeByType,
  reply: { status: 200, schema: oneMonitor },
  example: { body: { name: 'Shop', intervalSeconds: 300 } },
  problems: ['INVALID_CONFIG', 'MONITOR_LIMIT_REACHED', 'INTERVAL_TOO_SHORT', 'NOT_FOUND'],
})

export const deleteMonitor = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/monitors/{id}',
  id: 'deleteMonitor',
  summary: 'Delete a monitor',
  description:
    'Open incidents of the monitor are resolved. Its incidents are kept, with `monitorId` set to null.',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

const monitorIds = z
  .array(text(1, 64))
  .min(1, 'must name at least one monitor')
  .max(policy.bulkIdsMax, `must name at most ${policy.bulkIdsMax} monitors`)
const someTags = z.array(displayName(50)).max(20)

export const changeMonitors = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/monitors/bulk',
  id: 'changeMonitors',
  summary: 'Pause, resume or tag several monitors; if one of them does not exist, none is changed',
  tag,
  access: writes,
  body: z
    .strictObject({
      monitorIds,
      isActive: z.boolean().optional(),
      addTags: someTags.optional(),
      removeTags: someTags.optional(),
    })
    .refine(({ monitorIds: _ids, ...change }) => hasMembers(change), atLeastOne),
  reply: { status: 200, schema: z.strictObject({ updated: z.int() }) },
  example: { body: { monitorIds: ['01K7Z3N8Q4W2X5Y6A7B8C9D0EF'], addTags: ['prod'] } },
  problems: ['MONITOR_LIMIT_REACHED', 'NOT_FOUND'],
})

export const deleteMonitors = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/monitors/bulk',
  id: 'deleteMonitors',
  summary: 'Delete several monitors; if one of them does not exist, none is deleted',
  tag,
  access: writes,
  body: z.strictObject({ monitorIds }),
  reply: { status: 200, schema: z.strictObject({ deleted: z.int() }) },
  example: { body: { monitorIds: ['01K7Z3N8Q4W2X5Y6A7B8C9D0EF'] } },
  problems: ['NOT_FOUND'],
})

export const checkMonitor = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors/{id}/check',
  id: 'checkMonitor',
  summary: 'Check a monitor now',
  description: 'A heartbeat monitor is not checked; the reply contains its current state.',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: {
    status: 200,
    schema: z
      .strictObject({
        result: z.strictObject({
          status: z.enum(['up', 'down']),
          responseTimeMs: z.int().optional(),
          statusCode: z.int().optional(),
          errorMessage: z.string().optional(),
        }),
        monitor: monitorReply,
      })
      .meta({ id: 'CheckResult' }),
  },
  problems: ['NOT_FOUND', 'RATE_LIMITED', 'CHECK_UNAVAILABLE'],
})

const heartbeatUrl = { status: 200, schema: z.strictObject({ url: z.string() }) } as const

export const getHeartbeatUrl = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}/heartbeat-url',
  id: 'getHeartbeatUrl',
  summary: 'Read the URL that a job pings to report to a heartbeat monitor',
  tag,
  // Requires write access, because whoever holds the URL can fake the job's pings.
  access: writes,
  params: byId,
  reply: heartbeatUrl,
  problems: ['NOT_FOUND', 'INVALID_TYPE'],
  revealsSecret: true,
})

export const rotateToken = defineEndpoint({
  method: 'POST',
  path: '/api/v1/monitors/{id}/rotate-token',
  id: 'rotateToken',
  summary: 'Replace the token of a heartbeat monitor; the old URL stops working immediately',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: heartbeatUrl,
  problems: ['NOT_FOUND', 'INVALID_TYPE'],
  revealsSecret: true,
  secretMembers: ['url'],
})

const outcome = z.enum(['up', 'degraded', 'down', 'unknown'])

export const checkQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  outcome: outcome.optional(),
  location: text(1, 64).optional(),
  ...page,
})

export const checkReply = z
  .strictObject({
    startedAt: time,
    location: z.string(),
    origin: z.enum(['scheduled', 'confirm', 'recover', 'manual', 'ping', 'deadline']),
    outcome,
    code: z.string().nullable(),
    values: reasonValues.meta({
      description: 'What the sentence of `code` contains, for clients that write it in another language',
    }),
    message: z.string().nullable(),
    statusCode: z.int().nullable(),
    responseTimeMs: z.int().nullable(),
    dnsMs: z.int().nullable(),
    connectMs: z.int().nullable(),
    tlsMs: z.int().nullable(),
    ttfbMs: z.int().nullable(),
    downloadMs: z.int().nullable(),
    totalMs: z.int().nullable(),
    remoteAddress: z.string().nullable(),
    inMaintenance: z.boolean(),
  })
  .meta({ id: 'Check' })

export const listChecks = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}/checks',
  id: 'listChecks',
  summary: 'List the check results of a monitor, newest first',
  tag,
  access: reads,
  params: byId,
  query: checkQuery,
  tool: { name: 'list_checks', annotations: readsTool },
  reply: { status: 200, schema: z.strictObject({ checks: z.array(checkReply), nextCursor }) },
  problems: ['NOT_FOUND'],
})

export const uptimeQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  /** If absent, the reply has the intervals themselves. `day`: one bucket per calendar day of `timeZone`. */
  bucket: z.enum(['hour', 'day']).optional(),
  timeZone: timeZone.optional(),
})

const totals = z.strictObject({
  upMs: z.int(),
  degradedMs: z.int(),
  downMs: z.int(),
  maintenanceMs: z.int(),
  pausedMs: z.int(),
  unknownMs: z.int(),
  blipMs: z.int(),
})
/** A share from 0 to 1; null if nothing was observed. */
const ratio = z.number().min(0).max(1).nullable()

const figures = { from: time, to: time, uptime: ratio, strictUptime: ratio, totals }

const uptimeReply = z
  .strictObject({
    ...figures,
    intervals: z
      .array(
        z.strictObject({
          from: time,
          to: time.nullable(),
          state: timelineState,
          blipMs: z.int(),
          incidentId: z.string().nullable(),
        }),
      )
      .optional(),
    buckets: z.array(z.strictObject(figures)).optional(),
  })
  .meta({ id: 'Uptime' })

export const getUptime = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}/uptime',
  id: 'getUptime',
  summary: 'Read the uptime of a monitor in total and by interval',
  description:
    'By default, the last 30 days; `from` and `to` select another period of at most 400 days, or at most 31 days by hour.',
  tag,
  access: reads,
  params: byId,
  query: uptimeQuery,
  tool: { name: 'get_uptime', annotations: readsTool },
  reply: { status: 200, schema: uptimeReply },
  problems: ['NOT_FOUND'],
})

const boundChannel = z.strictObject({
  id: text(1, 64),
  delaySeconds: wholeNumber(0, 86_400).nullable().optional(),
})

const boundChannels = z.strictObject({
  channels: z.array(z.strictObject({ id: z.string(), name: z.string(), delaySeconds: z.int().nullable() })),
})

export const listMonitorChannels = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/{id}/channels',
  id: 'listMonitorChannels',
  summary:
    'List the notification channels of a monitor; an empty list means that the default channels are used',
  tag,
  access: reads,
  params: byId,
  reply: { status: 200, schema: boundChannels },
  problems: ['NOT_FOUND'],
})

export const setMonitorChannels = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/monitors/{id}/channels',
  id: 'setMonitorChannels',
  summary: 'Set the notification channels of a monitor; an empty list selects the default channels',
  tag,
  access: writes,
  params: byId,
  body: z.strictObject({
    channels: z
      .array(boundChannel)
      .max(100)
      .refine(
        (channels) => new Set(channels.map(({ id }) => id)).size === channels.length,
        'must not name a channel twice',
      ),
  }),
  reply: { status: 200, schema: boundChannels },
  problems: ['NOT_FOUND'],
})

export type MonitorQuery = z.output<typeof monitorQuery>
export type BulkChangeBody = z.output<(typeof changeMonitors)['body']>
export type CheckQuery = z.output<typeof checkQuery>
export type CheckReply = z.input<typeof checkReply>
export type UptimeQuery = z.output<typeof uptimeQuery>
export type UptimeReply = z.input<typeof uptimeReply>

export const monitorEndpoints = [
  ...twoDoors(
    listMonitors,
    getMonitor,
    createMonitor,
    updateMonitor,
    deleteMonitor,
    changeMonitors,
    deleteMonitors,
    checkMonitor,
    getHeartbeatUrl,
    rotateToken,
    listChecks,
    getUptime,
    listMonitorChannels,
    setMonitorChannels,
  ),
]
