import { defineEndpoint, instant, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { byId, done, pageLimit, time } from '../../service/shapes.ts'

const tag = 'webhooks'

/** The settings of a webhook as replies show them, under the names of the endpoint's fields. */
export const shownWebhookSettings = {
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  /** Whether messages carry a `v1a` signature as well, by a key of `/.well-known/gatehouse-keys.json`. */
  asymmetric: z.boolean(),
}

const webhook = z
  .strictObject({
    id: z.string(),
    ...shownWebhookSettings,
    /** The URL in the form for people: its host in its own script where that is safe, else in Punycode. */
    shownUrl: z.string(),
    state: z.enum(['enabled', 'disabled']),
    /** `failing` after five days without a success, `gone` after an answer 410; null while it is enabled. */
    disabledBecause: z.string().nullable(),
    failingSince: time.nullable(),
    /** Until when the secret before the last rotation still signs. */
    previousSecretUntil: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook' })

export type WireWebhook = z.output<typeof webhook>

/** The only replies that contain the secret. */
const newWebhook = z.strictObject({
  webhook: webhook.extend({ secret: z.string() }).meta({ id: 'RevealedWebhook' }),
})

const delivery = z
  .strictObject({
    /** The `webhook-id` header, the same on every attempt. */
    id: z.string(),
    type: z.string(),
    /** `held` waits for the webhook to be enabled again; after 30 days it is `failed`, its `lastError` `expired`. */
    state: z.enum(['pending', 'delivered', 'failed', 'held']),
    attemptsMade: z.int(),
    nextAttemptAt: time.nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'WebhookDelivery' })

export type WireWebhookDelivery = z.output<typeof delivery>

const attempt = z
  .strictObject({
    at: time,
    status: z.int().nullable(),
    error: z.string().nullable(),
    durationMs: z.int(),
    nextAttemptAt: time.nullable(),
  })
  .meta({ id: 'WebhookAttempt' })

export type WireWebhookAttempt = z.output<typeof attempt>

const url = text(1, 2_000)
const description = text(0, 200)
type EventList = ReturnType<typeof toEventList>

/** The events that a webhook subscribes to. */
const toEventList = (names: readonly string[]) => z.array(z.enum(names)).min(1).max(names.length)

const member = { kind: 'session', role: 'member' } as const
/** Access to operations that decide where the org's events are sent (S7). */
const memberAnew = { ...member, sudo: true } as const
const viewer = { kind: 'session', role: 'viewer' } as const
const byDelivery = byId.extend({ deliveryId: text(1, 64) })

const listWebhooks = defineEndpoint({
  method: 'GET',
  path: '/dashboard/webhooks',
  id: 'listWebhooks',
  summary: 'List the webhooks of the organisation',
  tag,
  access: viewer,
  reply: { status: 200, schema: z.strictObject({ webhooks: z.array(webhook) }) },
  problems: [],
})

const toCreateWebhook = (events: EventList) =>
  defineEndpoint({
    method: 'POST',
    path: '/dashboard/webhooks',
    id: 'createWebhook',
    summary: 'Create a webhook; its secret is shown once',
    tag,
    access: memberAnew,
    body: z
      .strictObject({
        url,
        events,
        description: description.default(''),
        asymmetric: z.boolean().default(false),
      })
      .meta({ id: 'NewWebhook' }),
    reply: { status: 201, schema: newWebhook },
    example: {
      body: {
        url: 'https://hooks.example.com/gatehouse',
        events: ['key.created', 'key.revoked'],
        description: 'Audit feed',
      },
    },
    problems: ['WEBHOOK_LIMIT_REACHED'],
    revealsSecret: true,
    secretMembers: ['secret'],
  })

const getWebhook = defineEndpoint({
  method: 'GET',
  path: '/dashboard/webhooks/{id}',
  id: 'getWebhook',
  summary: 'Read one webhook',
  tag,
  access: viewer,
  params: byId,
  reply: { status: 200, schema: z.strictObject({ webhook }) },
  problems: ['NOT_FOUND'],
})

const toUpdateWebhook = (events: EventList) =>
  defineEndpoint({
    method: 'PUT',
    path: '/dashboard/webhooks/{id}',
    id: 'updateWebhook',
    summary: 'Change the URL or the event types of a webhook',
    tag,
    access: memberAnew,
    params: byId,
    body: z
      .strictObject({
        url: url.optional(),
        events: events.optional(),
        description: description.optional(),
        asymmetric: z.boolean().optional(),
      })
      .refine((body) => Object.keys(body).length > 0, 'must name at least one change')
      .meta({ id: 'WebhookChange' }),
    reply: { status: 200, schema: z.strictObject({ webhook }) },
    example: { body: { events: ['key.created', 'key.rotated', 'key.revoked'] } },
    problems: ['NOT_FOUND'],
  })

const deleteWebhook = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/webhooks/{id}',
  id: 'deleteWebhook',
  summary: 'Delete a webhook and its pending deliveries',
  tag,
  access: memberAnew,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

const enableWebhook = defineEndpoint({
  method: 'POST',
  path: '/dashboard/webhooks/{id}/enable',
  id: 'enableWebhook',
  summary: 'Enable a webhook and send the events that it missed in the last 7 days',
  tag,
  access: memberAnew,
  params: byId,
  reply: { status: 200, schema: z.strictObject({ webhook, replayed: z.int() }) },
  problems: ['NOT_FOUND'],
})

const rotateWebhookSecret = defineEndpoint({
  method: 'POST',
  path: '/dashboard/webhooks/{id}/rotate-secret',
  id: 'rotateWebhookSecret',
  summary:
    'Replace the signing secret; deliveries are signed with both the old and the new secret for 24 hours',
  tag,
  access: memberAnew,
  params: byId,
  reply: { status: 200, schema: newWebhook },
  problems: ['NOT_FOUND'],
  revealsSecret: true,
  secretMembers: ['secret'],
})

const testWebhook = defineEndpoint({
  method: 'POST',
  path: '/dashboard/webhooks/{id}/test',
  id: 'testWebhook',
  summary: 'Queue a test message; read its delivery for the result',
  tag,
  access: member,
  params: byId,
  reply: { status: 202, schema: z.strictObject({ deliveryId: z.string() }) },
  problems: ['NOT_FOUND', 'WEBHOOK_DISABLED'],
})

const limit = pageLimit(100, policy.webhookPageDefault)

const listWebhookDeliveries = defineEndpoint({
  method: 'GET',
  path: '/dashboard/webhooks/{id}/deliveries',
  id: 'listWebhookDeliveries',
  summary: 'List the deliveries of a webhook, newest first',
  tag,
  access: viewer,
  params: byId,
  query: z.strictObject({ cursor: text(1, 500).optional(), limit }),
  reply: {
    status: 200,
    schema: z.strictObject({
      deliveries: z.array(delivery),
      nextCursor: z.string().nullable(),
      hasMore: z.boolean(),
    }),
  },
  problems: ['NOT_FOUND'],
})

const listAllWebhookDeliveries = defineEndpoint({
  method: 'GET',
  path: '/dashboard/webhooks/deliveries',
  id: 'listAllWebhookDeliveries',
  summary: 'List the deliveries of all webhooks, newest first',
  tag,
  access: viewer,
  query: z.strictObject({ cursor: text(1, 500).optional(), limit }),
  reply: {
    status: 200,
    schema: z.strictObject({
      deliveries: z.array(delivery.extend({ webhookId: z.string() }).meta({ id: 'AddressedDelivery' })),
      nextCursor: z.string().nullable(),
      hasMore: z.boolean(),
    }),
  },
  problems: [],
})

const getWebhookDelivery = defineEndpoint({
  method: 'GET',
  path: '/dashboard/webhooks/{id}/deliveries/{deliveryId}',
  id: 'getWebhookDelivery',
  summary: 'Read a delivery with its payload and all attempts',
  tag,
  access: viewer,
  params: byDelivery,
  reply: {
    status: 200,
    schema: z.strictObject({
      delivery: delivery
        .extend({
          /** The exact text that is signed and sent. */
          payload: z.string(),
          attempts: z.array(attempt),
        })
        .meta({ id: 'WebhookDeliveryInFull' }),
    }),
  },
  problems: ['NOT_FOUND'],
})

const replayWebhookDelivery = defineEndpoint({
  method: 'POST',
  path: '/dashboard/webhooks/{id}/deliveries/{deliveryId}/replay',
  id: 'replayWebhookDelivery',
  summary: 'Resend one delivery under the same id',
  tag,
  access: member,
  params: byDelivery,
  reply: { status: 202, schema: done },
  problems: ['NOT_FOUND', 'WEBHOOK_DISABLED'],
})

const replayWebhooks = defineEndpoint({
  method: 'POST',
  path: '/dashboard/webhooks/{id}/replay',
  id: 'replayWebhooks',
  summary: 'Resend all deliveries of a time range of at most 7 days',
  tag,
  access: member,
  params: byId,
  body: z.strictObject({ from: instant, to: instant }),
  reply: { status: 202, schema: z.strictObject({ replayed: z.int() }) },
  example: { body: { from: '2026-01-30T12:00:00.000Z', to: '2026-01-31T12:00:00.000Z' } },
  problems: ['NOT_FOUND', 'WEBHOOK_DISABLED'],
})

const toListWebhookEvents = (events: EventList) =>
  defineEndpoint({
    method: 'GET',
    path: '/dashboard/webhooks/events',
    id: 'listWebhookEvents',
    summary: 'List the event types that a webhook can subscribe to',
    tag,
    access: viewer,
    reply: { status: 200, schema: z.strictObject({ events }) },
    problems: [],
  })

/** The webhook endpoints; `events` are the names of all events, of the platform and of every service. */
export function toWebhookEndpoints(events: readonly string[]) {
  const list = toEventList(events)
  return [
    toListWebhookEvents(list),
    listAllWebhookDeliveries,
    listWebhooks,
    toCreateWebhook(list),
    getWebhook,
    toUpdateWebhook(list),
    deleteWebhook,
    enableWebhook,
    rotateWebhookSecret,
    testWebhook,
    listWebhookDeliveries,
    getWebhookDelivery,
    replayWebhookDelivery,
    replayWebhooks,
  ]
}
