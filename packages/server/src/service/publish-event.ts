import type { TelemetryTx } from '@gatehouse/kernel/db'
import { publishWebhook } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import { time } from './shapes.ts'

/** What a service tells webhooks of: the payload of each event, by the event's name. */
export type Events = Readonly<Record<string, z.ZodType>>

/** Under this name the kernel keeps the webhooks that people manage in the dashboard: they hear of every service. */
export const webhookService = 'platform'

/**
 * Tells the org's webhooks of one event, in the transaction of what happened. The payload is parsed with the schema
 * that the service publishes, so that no receiver meets another.
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

/** What a receiver reads of one event, as a schema under a name of its own. */
export function toMessageSchema(type: string, data: z.ZodType): z.ZodObject {
  const name = type.replaceAll(/(?:^|[._])(\w)/g, (_match, letter: string) => letter.toUpperCase())
  return z
    .strictObject({
      id: z.string().describe('The same on every attempt: remember it to tell a repeat'),
      type: z.literal(type),
      created_at: time.describe('When it happened'),
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

/** What a receiver reads; some clients look for the event's name under `event`. */
export function toWebhookBody({ id, type, orgId, atMs, data }: WebhookBody) {
  return { id, type, event: type, created_at: new Date(atMs).toISOString(), org_id: orgId, data }
}
