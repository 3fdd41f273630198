import type { z } from 'zod'
import { type Components, toContent } from './to-content.ts'
import type { JsonSchema } from './to-json-schema.ts'

/** A webhook message as documented: the whole body, as JSON. */
export type OpenApiWebhook = {
  readonly event: string
  readonly tag: string
  readonly summary: string
  readonly body: z.ZodType
}

/** The webhooks of the document, one per event (OpenAPI Specification 3.1.1, `webhooks`). */
export function toWebhooks(components: Components, webhooks: readonly OpenApiWebhook[]): JsonSchema {
  return Object.fromEntries(
    webhooks.map(({ event, tag, summary, body }) => [
      event,
      {
        post: {
          operationId: `webhook:${event}`,
          summary,
          tags: [tag],
          // The signature authenticates the sender; the receiver's credentials are never sent.
          security: [],
          parameters: [reference('WebhookId'), reference('WebhookTimestamp'), reference('WebhookSignature')],
          requestBody: { required: true, content: toContent(components, body, 'reply', undefined) },
          responses: {
            '2XX': {
              description:
                'The message was received. After any other status, or no response, the delivery is retried.',
            },
            '410': { description: 'The receiver no longer wants messages: the webhook is disabled.' },
          },
        },
      },
    ]),
  )
}

/** The headers of Standard Webhooks, with which every message is signed. */
export const webhookParameters = {
  WebhookId: {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: 'The `id` of the message; it is the same on every delivery attempt.',
    schema: { type: 'string' },
    example: 'evt_01K7Z3N8Q4W2X5Y6A7B8C9D0EF',
  },
  WebhookSignature: {
    name: 'webhook-signature',
    in: 'header',
    required: true,
    description:
      '`v1,` followed by the base64 HMAC-SHA-256 of `id.timestamp.body`. If the header contains several signatures separated by spaces, one of them must match.',
    schema: { type: 'string' },
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
  WebhookTimestamp: {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'The time at which this attempt was signed, in Unix seconds.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
    example: '1769860800',
  },
}

function reference(name: keyof typeof webhookParameters): JsonSchema {
  return { $ref: `#/components/parameters/${name}` }
}
