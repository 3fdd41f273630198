import { defineEndpoint, displayName, instant, text } from '@gatehouse/kernel/endpoint'
import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'
import { bounded, byId, done, time, timeZone } from '../../../service/shapes.ts'
import { twoDoors } from '../../../service/two-doors.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { atLeastOne, hasMembers } from './shapes.ts'

const tag = 'maintenance'
const reads = { kind: 'key', scope: 'maintenance:read' } as const
const writes = { kind: 'key', scope: 'maintenance:write' } as const

/** Starts a planned window when its start time has come. */
export const beginMaintenanceJob = defineJob({
  name: 'uptime.begin-maintenance',
  payload: z.strictObject({ orgId: z.string(), windowId: z.string() }),
})

/** Sends the notice that a window has ended by itself. */
export const endMaintenanceJob = defineJob({
  name: 'uptime.end-maintenance',
  payload: z.strictObject({ orgId: z.string(), windowId: z.string() }),
})

/** Announces a planned window to the subscribers of status pages. */
export const announceMaintenanceJob = defineJob({
  name: 'uptime.announce-maintenance',
  payload: z.strictObject({ orgId: z.string(), windowId: z.string() }),
})

/** Plans the next occurrences of recurring maintenance. */
export const planAheadJob = defineJob({
  name: 'uptime.plan-maintenance-ahead',
  payload: z.strictObject({ orgId: z.string(), seriesId: z.string() }),
})

const recurrence = {
  rrule: text(1, 200)
    .meta({ examples: ['FREQ=WEEKLY;BYDAY=SU'] })
    .optional(),
  cron: text(1, 200)
    .meta({ examples: ['0 2 * * 0'] })
    .optional(),
  durationMinutes: bounded(policy.maintenanceDurationMinutes).optional(),
  timeZone: timeZone.optional(),
}

const manner = {
  title: displayName(200).optional(),
  endsAt: instant.optional(),
  autoResolve: z.boolean().optional(),
  notify: z.boolean().optional(),
}

const newWindow = z
  .strictObject({
    ...manner,
    ...recurrence,
    startsAt: instant,
    scope: z.enum(['monitors', 'service', 'all']),
    monitorIds: z
      .array(text(1, 64))
      .max(policy.bulkIdsMax, `must name at most ${policy.bulkIdsMax} monitors`)
      .optional(),
    serviceId: text(1, 64).optional(),
  })
  .refine(
    ({ scope, monitorIds = [], serviceId }) =>
      (scope === 'monitors') === monitorIds.length > 0 && (scope === 'service') === (serviceId !== undefined),
    'must name monitorIds with scope monitors, serviceId with scope service, and neither with scope all',
  )
  .superRefine((body, context) => {
    const recurs = body.rrule !== undefined || body.cron !== undefined
    const demand = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (body.rrule !== undefined && body.cron !== undefined) demand('cron', 'must not stand beside rrule')
    if (!recurs && body.endsAt === undefined) demand('endsAt', 'must say when it ends, unless it recurs')
    if (recurs && body.endsAt !== undefined) demand('endsAt', 'must be durationMinutes where it recurs')
    if (recurs && body.autoResolve === false) demand('autoResolve', 'must be true where it recurs')
    for (const name of ['durationMinutes', 'timeZone'] as const)
      if (recurs !== (body[name] !== undefined))
        demand(name, recurs ? 'must be given where it recurs' : 'must stand beside rrule or cron')
  })
  .meta({ id: 'NewMaintenanceWindow' })

const windowChange = z
  .strictObject({ ...manner, ...recurrence, startsAt: instant.optional() })
  .refine(hasMembers, atLeastOne)
  .refine(({ rrule, cron }) => rrule === undefined || cron === undefined, {
    path: ['cron'],
    message: 'must not stand beside rrule',
  })
  .meta({ id: 'MaintenanceWindowChange' })

const windowReply = z
  .strictObject({
    id: z.string(),
    teamId: z.string(),
    title: z.string().nullable(),
    state: z.enum(['planned', 'active', 'over']),
    scope: z.enum(['monitors', 'service', 'all']),
    monitorIds: z.array(z.string()),
    /** The same monitors with their names. */
    monitors: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    serviceId: z.string().nullable(),
    startsAt: time,
    endsAt: time,
    /** False: the window lasts until somebody ends it, even past `endsAt`. */
    autoResolve: z.boolean(),
    notify: z.boolean(),
    endedAt: time.nullable(),
    /**
     * For recurring maintenance: the recurrence rule, the duration and the time zone. `startsAt` is then the first
     * occurrence.
     */
    rrule: z.string().nullable(),
    cron: z.string().nullable(),
    durationMinutes: z.int().nullable(),
    timeZone: z.string().nullable(),
    /** For recurring maintenance: the next occurrences, each a window that can be moved or cancelled by its id. */
    nextOccurrences: z.array(z.strictObject({ id: z.string(), startsAt: time, endsAt: time })),
    /** The recurring maintenance that this window is an occurrence of. */
    seriesId: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'MaintenanceWindow' })

const oneWindow = z.strictObject({ window: windowReply })

export type NewWindowBody = z.output<typeof newWindow>
export type WindowChangeBody = z.output<typeof windowChange>
export type WindowReply = z.input<typeof windowReply>

export const listMaintenanceWindows = defineEndpoint({
  method: 'GET',
  path: '/api/v1/maintenance-windows',
  id: 'listMaintenanceWindows',
  summary: 'List maintenance windows: planned, recurring and active ones, and those of the last 90 days',
  tag,
  access: reads,
  reply: { status: 200, schema: z.strictObject({ windows: z.array(windowReply) }) },
  problems: [],
})

const maintenanceTime = z
  .strictObject({
    /** Null: a time of recurring maintenance that is too far ahead to be planned yet. */
    windowId: z.string().nullable(),
    seriesId: z.string().nullable(),
    title: z.string().nullable(),
    state: z.enum(['planned', 'active', 'over']),
    startsAt: time,
    /** Null: it lasts until somebody ends it. */
    endsAt: time.nullable(),
  })
  .meta({ id: 'MaintenanceTime' })

export type MaintenanceTimeReply = z.input<typeof maintenanceTime>

export const listMaintenanceTimes = defineEndpoint({
  method: 'GET',
  path: '/api/v1/maintenance-windows/times',
  id: 'listMaintenanceTimes',
  summary: 'List when there is maintenance within a period, each time of recurring maintenance by itself',
  description: `From \`from\` (now) to \`to\` (${policy.maintenanceTimes.daysDefault} days later), at most ${policy.maintenanceTimes.daysMax} days: what is planned, on and over, earliest first, and when recurring maintenance comes again beyond what is planned. At most ${policy.maintenanceTimes.timesMax} times.`,
  tag,
  access: reads,
  query: z.strictObject({ from: instant.optional(), to: instant.optional() }),
  reply: { status: 200, schema: z.strictObject({ times: z.array(maintenanceTime) }) },
  problems: [],
})

export const createMaintenanceWindow = defineEndpoint({
  method: 'POST',
  path: '/api/v1/maintenance-windows',
  id: 'createMaintenanceWindow',
  summary: 'Plan a one-time or recurring maintenance window; checks continue, but no notifications are sent',
  tag,
  access: writes,
  body: newWindow,
  reply: { status: 201, schema: oneWindow },
  example: {
    body: {
      title: 'New disks',
      scope: 'all',
      startsAt: '2026-01-31T13:00:00.000Z',
      endsAt: '2026-01-31T14:00:00.000Z',
    },
  },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const updateMaintenanceWindow = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/maintenance-windows/{id}',
  id: 'updateMaintenanceWindow',
  summary: 'Change a maintenance window: every field of a planned one, all but the start of an active one',
  tag,
  access: writes,
  params: byId,
  body: windowChange,
  reply: { status: 200, schema: oneWindow },
  example: { body: { endsAt: '2026-01-31T15:00:00.000Z' } },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const deleteMaintenanceWindow = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/maintenance-windows/{id}',
  id: 'deleteMaintenanceWindow',
  summary: 'Cancel a planned maintenance window, or end an active one now',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const windowEndpoints = [
  ...twoDoors(
    listMaintenanceWindows,
    listMaintenanceTimes,
    createMaintenanceWindow,
    updateMaintenanceWindow,
    deleteMaintenanceWindow,
  ),
]
