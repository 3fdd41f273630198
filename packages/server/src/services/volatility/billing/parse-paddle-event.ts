import { z } from 'zod'
import { type SubscriptionEvent, subscriptionStatuses } from '../domain/subscription.ts'

/** An event of a subscription; `customData` is what the checkout carried. */
export type PaddleEvent = SubscriptionEvent & {
  readonly subscriptionId: string
  readonly type: string
  readonly customData: unknown
}

const id = z.string().min(1).max(100)
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/)

const shape = z.object({
  event_id: id,
  event_type: z.string().regex(/^subscription\.[a-z_]{1,40}$/),
  occurred_at: instant,
  data: z.object({
    id,
    status: z.enum(subscriptionStatuses),
    items: z
      .array(z.object({ price: z.object({ id }).nullish() }))
      .max(100)
      .nullish(),
    current_billing_period: z.object({ ends_at: instant }).nullish(),
    custom_data: z.unknown(),
  }),
})

/** Undefined for what tells nothing about a subscription. */
export function parsePaddleEvent(body: string): PaddleEvent | undefined {
  const parsed = shape.safeParse(readJson(body))
  if (!parsed.success) return undefined
  const { event_id: eventId, event_type: type, occurred_at: occurredAt, data } = parsed.data
  return {
    eventId,
    type,
    occurredAt,
    subscriptionId: data.id,
    status: data.status,
    priceIds: (data.items ?? []).flatMap(({ price }) => price?.id ?? []),
    periodEndsMs:
      data.current_billing_period == null ? null : Date.parse(data.current_billing_period.ends_at),
    customData: data.custom_data,
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
