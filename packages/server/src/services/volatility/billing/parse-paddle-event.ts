import { z } from 'zod'
import { type SubscriptionEvent, subscriptionStatuses } from '../domain/subscription.ts'

/** An event about a subscription; `customData` is the data sent with its checkout. */
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

type ParsedEvent =
  | { readonly kind: 'subscription'; readonly event: PaddleEvent }
  /**
   * An event that does not affect a plan, or a subscription event that could not be parsed, with the members that
   * were readable.
   */
  | ({ readonly kind: 'not_followed' | 'unreadable' } & UnreadEvent)

export type UnreadEvent = {
  readonly eventId: string | undefined
  readonly type: string | undefined
  readonly occurredAt: string | undefined
}

const legible = z.object({
  event_id: id.optional().catch(undefined),
  event_type: z
    .string()
    .regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/)
    .optional()
    .catch(undefined),
  occurred_at: instant.optional().catch(undefined),
})

export function parsePaddleEvent(body: string): ParsedEvent {
  const json = readJson(body)
  const parsed = shape.safeParse(json)
  if (!parsed.success) return toUnread(json)
  const { event_id: eventId, event_type: type, occurred_at: occurredAt, data } = parsed.data
  const event = {
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
  return { kind: 'subscription', event }
}

function toUnread(json: unknown): ParsedEvent {
  const { data } = legible.safeParse(json)
  const type = data?.event_type
  return {
    kind: type === undefined || type.startsWith('subscription.') ? 'unreadable' : 'not_followed',
    eventId: data?.event_id,
    type,
    occurredAt: data?.occurred_at,
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
