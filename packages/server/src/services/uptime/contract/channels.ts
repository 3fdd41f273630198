import { defineEndpoint, displayName, text, wholeNumber, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { twoDoors } from '../../../service/two-doors.ts'
import { deliveryReply } from './delivery-shape.ts'
import { destinations } from '../destinations/destinations.ts'
import { byId, done, nextCursor, nothing, page, time, timeZone } from '../../../service/shapes.ts'
import { atLeastOne, flag, hasMembers } from './shapes.ts'

const tag = 'notification channels'
const reads = { kind: 'key', scope: 'channels:read' } as const
const writes = { kind: 'key', scope: 'channels:write' } as const

/** The default events of a channel; `incident.updated` and `incident.acknowledged` are opt-in. */
export const defaultEvents = [
  'incident.created',
  'incident.resolved',
  'incident.reminder',
  'webchange.detected',
  'monitor.flapping',
  'monitor.settled',
  'monitor.never_up',
  'monitor.degraded',
  'monitor.improved',
  'maintenance.started',
  'maintenance.ended',
  'alert.opened',
  'alert.closed',
] as const
const channelEvents = [...defaultEvents, 'incident.acknowledged', 'incident.updated'] as const

/** Validated by the use case against the type's own schema, because the type may be known only to the database. */
const config = z.record(z.string(), z.unknown(), { error: 'must be an object' })

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:00')
  .meta({ examples: ['09:00'] })

/** Monday is 1. Hours that end before they start pass midnight; with equal times they cover the whole day. */
const activeHours = z
  .strictObject({
    days: z
      .array(wholeNumber(1, 7))
      .min(1, 'must name at least one day')
      .refine((days) => new Set(days).size === days.length, 'must not name a day twice'),
    from: clock,
    until: clock,
    timeZone,
  })
  .meta({ id: 'ActiveHours' })

const settings = {
  /**
   * Outside these hours, notifications wait until they start; those about incidents that are over by then are
   * dropped. Null: no restriction.
   */
  activeHours: activeHours.nullable().optional(),
  isActive: z.boolean().optional(),
  isDefault: z.boolean().optional(),
  delaySeconds: wholeNumber(0, 86_400).optional(),
  events: z
    .array(z.enum(channelEvents))
    .min(1, 'must name at least one event')
    .refine((events) => new Set(events).size === events.length, 'must not name an event twice')
    .optional(),
  language: z.enum(['en', 'ja']).optional(),
}

const newChannel = z.strictObject({ type: text(1, 50), name: displayName(100), config, ...settings })
const channelChange = z.strictObject({
  name: displayName(100).optional(),
  config: config.optional(),
  ...settings,
})

const kinds = Object.entries(destinations).map(([type, kind]) => ({ type, ...kind }))

const [firstForm, ...otherForms] = kinds.map(({ type, title, config: ofType, example }) =>
  z
    .strictObject({ type: z.literal(type), name: displayName(100), config: ofType, ...settings })
    .meta({ title, examples: [{ type, name: title, config: example }] }),
)
if (firstForm === undefined) throw new Error('There are kinds of channels')

/** `newChannel` for the API documents: one form per type, with the config of that type. */
const newChannelByType = z.discriminatedUnion('type', [firstForm, ...otherForms]).meta({ id: 'NewChannel' })

/** `channelChange` for the API documents: any part of a config may be omitted. */
const channelChangeByType = channelChange
  .extend({ config: z.union(kinds.map(({ title, change }) => change.meta({ title }))).optional() })
  .meta({ id: 'ChannelChange' })

const channelReply = z
  .strictObject({
    id: z.string(),
    teamId: z.string(),
    type: z.string(),
    name: z.string(),
    /** The names of the secret members that are set, never their values. */
    config: z.record(z.string(), z.strictObject({ set: z.literal(true) })),
    /** The displayable part of the config, such as an e-mail address or a host name. */
    summary: z.string(),
    isActive: flag,
    verified: flag,
    isDefault: flag,
    delaySeconds: z.int(),
    activeHours: activeHours.nullable(),
    events: z.array(z.string()),
    language: z.enum(['en', 'ja']),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Channel' })

export type NewChannelBody = z.output<typeof newChannel>
export type ChannelChangeBody = z.output<typeof channelChange>
export type ChannelReply = z.input<typeof channelReply>

const written = z
  .strictObject({ channel: channelReply, verificationSent: z.boolean() })
  .meta({ id: 'WrittenChannel' })

export const listChannels = defineEndpoint({
  method: 'GET',
  path: '/api/v1/notification-channels',
  id: 'listChannels',
  summary: 'List notification channels',
  tag,
  access: reads,
  tool: { name: 'list_notification_channels', annotations: readsTool },
  reply: { status: 200, schema: z.strictObject({ channels: z.array(channelReply) }) },
  problems: [],
})

export const createChannel = defineEndpoint({
  method: 'POST',
  path: '/api/v1/notification-channels',
  id: 'createChannel',
  summary: 'Create a notification channel',
  description:
    'An e-mail channel sends no notifications until its address is verified by the link that was sent to it.',
  tag,
  access: writes,
  body: newChannel,
  documentedBody: newChannelByType,
  reply: { status: 201, schema: written },
  example: { body: { type: 'email', name: 'On call', config: { email: 'oncall@example.com' } } },
  problems: [
    'INVALID_TYPE',
    'INVALID_CONFIG',
    'EMAIL_NOT_CONFIGURED',
    'TOO_MANY_ATTEMPTS',
    'CHANNEL_LIMIT_REACHED',
    'PLAN_REQUIRED',
  ],
})

export const updateChannel = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/notification-channels/{id}',
  id: 'updateChannel',
  summary: 'Change a notification channel; secrets that are omitted stay unchanged',
  tag,
  access: writes,
  params: byId,
  body: channelChange.refine(hasMembers, atLeastOne),
  documentedBody: channelChangeByType,
  reply: { status: 200, schema: written },
  example: { body: { name: 'On call', delaySeconds: 60 } },
  problems: ['NOT_FOUND', 'INVALID_CONFIG', 'EMAIL_NOT_CONFIGURED', 'TOO_MANY_ATTEMPTS'],
})

export const deleteChannel = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/notification-channels/{id}',
  id: 'deleteChannel',
  summary: 'Delete a notification channel',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const testChannel = defineEndpoint({
  method: 'POST',
  path: '/api/v1/notification-channels/{id}/test',
  id: 'testChannel',
  summary: 'Send a test notification and wait for the result',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: { status: 200, schema: z.strictObject({ success: z.literal(true) }) },
  problems: ['NOT_FOUND', 'CHANNEL_INACTIVE', 'CHANNEL_UNVERIFIED', 'TEST_COOLDOWN', 'DELIVERY_FAILED'],
})

export const resendVerification = defineEndpoint({
  method: 'POST',
  path: '/api/v1/notification-channels/{id}/resend-verification',
  id: 'resendVerification',
  summary: 'Resend the verification link of an e-mail channel',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: { status: 200, schema: z.strictObject({ success: z.literal(true) }) },
  problems: ['NOT_FOUND', 'INVALID_TYPE', 'INVALID_STATE', 'EMAIL_NOT_CONFIGURED', 'TOO_MANY_ATTEMPTS'],
})

const deliveryQuery = z.strictObject(page)
export type DeliveryQuery = z.output<typeof deliveryQuery>

export const listDeliveries = defineEndpoint({
  method: 'GET',
  path: '/api/v1/notification-channels/{id}/deliveries',
  id: 'listDeliveries',
  summary: 'List the deliveries of a notification channel, newest first',
  tag,
  access: reads,
  params: byId,
  query: deliveryQuery,
  tool: { name: 'list_notification_deliveries', annotations: readsTool },
  reply: { status: 200, schema: z.strictObject({ deliveries: z.array(deliveryReply), nextCursor }) },
  problems: ['NOT_FOUND'],
})

export const listAllDeliveries = defineEndpoint({
  method: 'GET',
  path: '/api/v1/notification-deliveries',
  id: 'listAllDeliveries',
  summary: 'List the deliveries of all notification channels, newest first',
  tag,
  access: reads,
  query: deliveryQuery,
  reply: { status: 200, schema: z.strictObject({ deliveries: z.array(deliveryReply), nextCursor }) },
  problems: [],
})

export const resendDelivery = defineEndpoint({
  method: 'POST',
  path: '/api/v1/notification-channels/{id}/deliveries/{deliveryId}/resend',
  id: 'resendDelivery',
  summary: 'Resend a notification whose delivery was completed or given up',
  description:
    'The notification keeps its id, so that a receiver can recognise the repetition. The request is refused if the notification was suppressed, if its delivery is in progress, or if it announces the start of an incident that no longer needs to be acknowledged.',
  tag,
  access: writes,
  params: byId.extend({ deliveryId: text(1, 64) }),
  body: nothing,
  reply: { status: 202, schema: done },
  problems: ['NOT_FOUND', 'INVALID_STATE', 'CHANNEL_INACTIVE', 'CHANNEL_UNVERIFIED'],
})

export const channelEndpoints = [
  ...twoDoors(
    listChannels,
    createChannel,
    updateChannel,
    deleteChannel,
    testChannel,
    resendVerification,
    listDeliveries,
    listAllDeliveries,
    resendDelivery,
  ),
]
