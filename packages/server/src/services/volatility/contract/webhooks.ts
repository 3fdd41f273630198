import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { nextCursor } from '../../../service/shapes.ts'
import { oneOf } from './fields.ts'
import { bodyMoment, queryNumber } from './query-fields.ts'
import {
  filterMembers,
  kinds,
  optional,
  subscriptionReply,
  subscriptionSchema,
  telegramTarget,
} from './subscription-shapes.ts'

const tag = 'volatility'
const reads = { tag, access: { kind: 'key', scope: 'webhooks:read' } } as const
const writes = { tag, access: { kind: 'key', scope: 'webhooks:write' } } as const
/** The subscription's number in the organisation, or its ULID. */
const byRef = z.strictObject({ id: text(1, 64) })
const filterProblems = ['symbol_not_found', 'symbol_not_allowed', 'preset_not_found'] as const

const createBody = z.strictObject({
  url: optional(text(1, 2_048)),
  telegram: optional(telegramTarget),
  kind: optional(oneOf(kinds)),
  ...filterMembers,
})
export type CreateBody = z.output<typeof createBody>

export const createRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/webhooks',
  id: 'createRegimeWebhook',
  summary: 'Create a webhook subscription that sends regime changes to a URL or a chat',
  description: 'The signing secret is returned in this reply only. Messages to a chat are not signed.',
  body: createBody,
  example: { body: { url: 'https://example.com/hook', symbols: ['btcusdt'], to_regimes: ['high'] } },
  reply: {
    status: 201,
    schema: z.strictObject({ ...subscriptionReply, signing_secret: z.string().nullable() }),
  },
  revealsSecret: true,
  secretMembers: ['signing_secret'],
  problems: ['plan_limit_reached', ...filterProblems],
})

export const listRegimeWebhooks = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/webhooks',
  id: 'listRegimeWebhooks',
  summary: 'List the webhook subscriptions, newest first',
  reply: { status: 200, schema: z.strictObject({ subscriptions: z.array(subscriptionSchema) }) },
  problems: [],
})

export const getRegimeWebhook = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/webhooks/{id}',
  id: 'getRegimeWebhook',
  summary: 'Read a webhook subscription',
  params: byRef,
  reply: { status: 200, schema: subscriptionSchema },
  problems: ['webhook_not_found'],
})

const changeBody = z.strictObject({ url: optional(text(1, 2_048)), ...filterMembers })
export type ChangeBody = z.output<typeof changeBody>

export const updateRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  id: 'updateRegimeWebhook',
  summary: 'Change the filter or the URL of a webhook subscription',
  params: byRef,
  body: changeBody,
  example: { body: { to_regimes: ['low', 'high'] } },
  reply: { status: 200, schema: subscriptionSchema },
  problems: ['webhook_not_found', ...filterProblems],
})

export const deleteRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  id: 'deleteRegimeWebhook',
  summary: 'Delete a webhook subscription',
  params: byRef,
  reply: { status: 204, schema: null },
  problems: ['webhook_not_found'],
})

export const testRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  id: 'testRegimeWebhook',
  summary: 'Send a test message to a webhook subscription and return the result',
  params: byRef,
  reply: {
    status: 200,
    schema: z.strictObject({
      delivery_id: z.string(),
      /** Null: no result yet; it will be in the delivery log. */
      delivered: z.boolean().nullable(),
      status: z.int().nullable(),
      error: z.string().nullable(),
      duration_ms: z.int().nullable(),
    }),
  },
  problems: ['webhook_not_found', 'webhook_closed'],
})

export const enableRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/webhooks/{id}/enable',
  id: 'enableRegimeWebhook',
  summary: 'Enable a closed subscription, and report what it missed',
  params: byRef,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...subscriptionReply,
      /** Waiting and given-up deliveries of the last seven days; `replay` sends them. */
      missed: z.strictObject({ from_ms: z.int(), to_ms: z.int(), count: z.int() }).nullable(),
    }),
  },
  problems: ['webhook_not_found', 'plan_limit_reached'],
})

export const replayRegimeWebhook = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/webhooks/{id}/replay',
  id: 'replayRegimeWebhook',
  summary: 'Resend the deliveries of a time range under their original ids',
  params: byRef,
  body: z.strictObject({ from_ms: bodyMoment, to_ms: bodyMoment }),
  example: { body: { from_ms: 1_733_041_680_000, to_ms: 1_733_045_280_000 } },
  reply: { status: 200, schema: z.strictObject({ replayed: z.int() }) },
  problems: ['webhook_not_found', 'webhook_closed'],
})

const delivery = z
  .strictObject({
    id: z.string(),
    event: z.string(),
    state: z.enum(['pending', 'delivered', 'failed', 'held', 'suppressed', 'merged']),
    attempts_made: z.int(),
    next_attempt_ms: z.int().nullable(),
    created_at_ms: z.int(),
    payload: z.record(z.string(), z.unknown()),
    attempts: z.array(
      z.strictObject({
        at_ms: z.int(),
        status: z.int().nullable(),
        error: z.string().nullable(),
        duration_ms: z.int(),
        next_attempt_ms: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'RegimeDelivery' })

export const listRegimeDeliveries = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  id: 'listRegimeDeliveries',
  summary: 'List the deliveries of a webhook subscription with all attempts, newest first',
  params: byRef,
  query: z.strictObject({ limit: queryNumber(1, 100).default(50), before: text(1, 64).optional() }),
  reply: { status: 200, schema: z.strictObject({ deliveries: z.array(delivery), next_cursor: nextCursor }) },
  problems: ['webhook_not_found'],
})

export const replayRegimeDelivery = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/webhooks/{id}/deliveries/{delivery_id}/replay',
  id: 'replayRegimeDelivery',
  summary: 'Resend one delivery under its original id',
  params: z.strictObject({ id: text(1, 64), delivery_id: text(1, 64) }),
  reply: { status: 200, schema: z.strictObject({ replayed: z.int() }) },
  problems: ['webhook_not_found', 'webhook_closed'],
})

export const webhookEndpoints = [
  createRegimeWebhook,
  listRegimeWebhooks,
  getRegimeWebhook,
  updateRegimeWebhook,
  deleteRegimeWebhook,
  testRegimeWebhook,
  enableRegimeWebhook,
  replayRegimeWebhook,
  listRegimeDeliveries,
  replayRegimeDelivery,
] as const
