import { defineEndpoint, displayName, text, wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { deliveryReply } from './delivery-shape.ts'
import { kept } from './monitor-config.ts'
import { atLeastOne, byId, done, flag, hasMembers, nextCursor, nothing, page, time } from './shapes.ts'

const tag = 'notification channels'
const reads = { kind: 'key', scope: 'channels:read' } as const
const writes = { kind: 'key', scope: 'channels:write' } as const

export const channelTypes = ['email', 'webhook'] as const
export type ChannelType = (typeof channelTypes)[number]

/** What a channel is told of unless it chooses; `incident.updated` and `incident.acknowledged` are opt-in. */
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
] as const
const channelEvents = [...defaultEvents, 'incident.acknowledged', 'incident.updated'] as const

export const emailConfig = z.strictObject({
  email: z.email('must be an e-mail address').max(254, 'must be at most 254 characters long'),
})
export const webhookConfig = z.strictObject({ url: text(1, 2_048), secret: text(1, 500) })
/** A change may leave out a secret, or send back what it was shown: either keeps the old one. */
export const webhookConfigChange = z.strictObject({
  url: z.union([kept, text(1, 2_048)]).optional(),
  secret: z.union([kept, text(1, 500)]).optional(),
})
export const emailConfigChange = z.strictObject({
  email: z.union([kept, emailConfig.shape.email]).optional(),
})

const config = z.record(z.string(), z.unknown(), { error: 'must be an object' })

const settings = {
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

const channelReply = z.strictObject({
  id: z.string(),
  teamId: z.string(),
  type: z.string(),
  name: z.string(),
  /** The names of what is set, never the values. */
  config: z.record(z.string(), z.strictObject({ set: z.literal(true) })),
  /** What may be shown of the config: an e-mail address, a host name. */
  summary: z.string(),
  isActive: flag,
  verified: flag,
  isDefault: flag,
  delaySeconds: z.int(),
  events: z.array(z.string()),
  language: z.enum(['en', 'ja']),
  createdAt: time,
  updatedAt: time,
})

export type NewChannelBody = z.output<typeof newChannel>
export type ChannelChangeBody = z.output<typeof channelChange>
export type ChannelReply = z.input<typeof channelReply>

const written = z.strictObject({ channel: channelReply, verificationSent: z.boolean() })

export const listChannels = defineEndpoint({
  method: 'GET',
  path: '/api/v1/notification-channels',
  id: 'listChannels',
  summary: 'List notification channels',
  tag,
  access: reads,
  reply: { status: 200, schema: z.strictObject({ channels: z.array(channelReply) }) },
  problems: [],
})

export const createChannel = defineEndpoint({
  method: 'POST',
  path: '/api/v1/notification-channels',
  id: 'createChannel',
  summary: 'Create a notification channel',
  description: 'An e-mail channel sends nothing before the address is verified by the link mailed to it.',
  tag,
  access: writes,
  body: newChannel,
  reply: { status: 201, schema: written },
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
  summary: 'Change a notification channel; a secret that is left out stays as it is',
  tag,
  access: writes,
  params: byId,
  body: channelChange.refine(hasMembers, atLeastOne),
  reply: { status: 200, schema: written },
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
  summary: 'Send a test and wait for the answer',
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
  summary: 'Mail the verification link once more',
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
  summary: 'List what was sent through a channel, the newest first',
  tag,
  access: reads,
  params: byId,
  query: deliveryQuery,
  reply: { status: 200, schema: z.strictObject({ deliveries: z.array(deliveryReply), nextCursor }) },
  problems: ['NOT_FOUND'],
})
