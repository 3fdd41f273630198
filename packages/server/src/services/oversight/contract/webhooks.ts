import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { envelope, time } from './blocks.ts'
import { oversightEvents } from './events.ts'
import { optional } from './fields.ts'

const tag = 'administration'
const access = { kind: 'key', scope: 'webhooks:write' } as const

/** Events that an endpoint can subscribe to, including the platform's events about keys. */
export const webhookEvents = [...Object.keys(oversightEvents), 'key.rotated', 'key.revoked']

const webhook = {
  endpoint_id: z.string(),
  url: z.string(),
  active: z.boolean(),
  created_at: time,
  events: z.array(z.string()),
}

export const registerBody = z.strictObject({
  url: text(1, 2_000),
  events: z
    .array(z.enum(webhookEvents, { error: `must be one of ${webhookEvents.join(', ')}` }))
    .min(1, 'must name at least one event')
    .max(webhookEvents.length, `must name at most ${webhookEvents.length} events`),
  description: optional(text(0, 200)),
  secret: optional(text(1, 500)),
})

export type RegisterBody = z.output<typeof registerBody>

export const registerWebhook = defineEndpoint({
  method: 'POST',
  path: '/v1/admin/webhook/register',
  id: 'registerWebhook',
  summary: 'Register a webhook URL; its signing secret is shown once',
  description: '`secret` is accepted but ignored: the server generates the signing secret.',
  tag,
  access,
  body: registerBody,
  example: { body: { url: 'https://example.com/hook', events: ['score.committed'] } },
  reply: {
    status: 201,
    schema: z.strictObject({
      ...envelope,
      ...webhook,
      signing_secret: z.string().nullable(),
      warnings: z.array(z.string()),
    }),
  },
  revealsSecret: true,
  secretMembers: ['signing_secret'],
  problems: ['VALIDATION_FAILED', 'WEBHOOK_LIMIT_REACHED'],
})

export const listRegisteredWebhooks = defineEndpoint({
  method: 'GET',
  path: '/v1/admin/webhook/list',
  id: 'listRegisteredWebhooks',
  summary: 'List the webhook URLs that were registered with keys of this service',
  tag,
  access,
  reply: {
    status: 200,
    schema: z.strictObject({
      ...envelope,
      endpoints: z.array(
        z.strictObject({
          ...webhook,
          description: z.string(),
          /** The last delivery; null before the first event. */
          last_delivery: z
            .strictObject({
              id: z.string(),
              event: z.string(),
              state: z.enum(['pending', 'delivered', 'failed', 'held']),
              status: z.int().nullable(),
              created_at: time,
            })
            .nullable(),
        }),
      ),
      count: z.int(),
    }),
  },
  problems: [],
})

export const deleteRegisteredWebhook = defineEndpoint({
  method: 'DELETE',
  path: '/v1/admin/webhook/{endpoint_id}',
  id: 'deleteRegisteredWebhook',
  summary: 'Delete a webhook registration',
  tag,
  access,
  params: z.strictObject({ endpoint_id: text(1, 64) }),
  reply: {
    status: 200,
    schema: z.strictObject({ ...envelope, deleted: z.literal(true), endpoint_id: z.string() }),
  },
  problems: ['NOT_FOUND'],
})
