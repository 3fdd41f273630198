import type { TelemetryTx } from '@gatehouse/kernel/db'
import { publishWebhook } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import { time } from './shapes.ts'

/** The webhook events of a service: the schema of each payload, by the event's name. */
export type Events = Readonly<Record<string, z.ZodType>>

/** The service name of the webhooks that people manage in the dashboard: they can receive events of every service. */
export const webhookService = 'platform'

/**
 * Publishes an event to the org's webhooks, in the transaction of the change. The payload is parsed with the published
 * schema, so that receivers always get that form.
 */
export async function publishEvent<E extends Events, Type extends keyof E & string>(
  tx: TelemetryTx,
  events: E,
  type: Type,
  data: z.input<E[Type]>,
  atMs: number,
): Promise<void> {
  const schema = events[type]
  if (schema === undefined) throw new Error(`No service tells of ${type}`)
  const payload = schema.parse(data)
  const { orgId } = tx
  await publishWebhook(tx, {
    service: webhookService,
    type,
    atMs,
    toBody: (id) => toWebhookBody({ id, type, orgId, atMs, data: payload }),
  })
}

/** The schema of an event's message, under a name of its own. */
export function toMessageSchema(type: string, data: z.ZodType): z.ZodObject {
  const name = type.replaceAll(/(?:^|[._])(\w)/g, (_match, letter: string) => letter.toUpperCase())
  return z
    .strictObject({
      id: z
        .string()
        .describe(
          'The id of the message; it is the same on every delivery attempt, so receivers can use it to detect duplicates',
        ),
      type: z.literal(type),
      created_at: time.describe('The time of the event'),
      org_id: z.uuid(),
      data,
    })
    .meta({ id: `${name}Message` })
}

export type WebhookBody = {
  readonly id: string
  readonly type: string
  readonly orgId: string
  readonly atMs: number
  readonly data: unknown
}

/** The body of a message; some clients read the event's name from `event`. */
export function toWebhookBody({ id, type, orgId, atMs, data }: WebhookBody) {
  return { id, type, event: type, created_at: new Date(atMs).toISOString(), org_id: orgId, data }
}
