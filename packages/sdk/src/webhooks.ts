import type { CallOptions, Transport } from './transport.ts'

export const webhookEvents = [
  'key.created',
  'key.rotated',
  'key.revoked',
  'member.changed',
  'posture.claim_failed',
  'security.incident',
  'usage.anomaly',
] as const

export type WebhookEvent = (typeof webhookEvents)[number]

export type Webhook = {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly events: readonly string[]
  /** Messages carry a `v1a` signature of the instance as well. */
  readonly asymmetric: boolean
  readonly state: 'enabled' | 'disabled'
  /** `failing` after five days without a success, `gone` after an answer 410; null while it is enabled. */
  readonly disabledBecause: string | null
  readonly failingSince: string | null
  /** Until when the secret before the last rotation still signs. */
  readonly previousSecretUntil: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** The only answers that ever hold the secret. */
export type RevealedWebhook = Webhook & { readonly secret: string }

export type NewWebhook = {
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly description?: string
  /** Asks for a `v1a` signature beside the secret's own. Default false. */
  readonly asymmetric?: boolean
}
export type WebhookChange = Partial<NewWebhook>

export type WebhookDelivery = {
  /** The `webhook-id` header, the same on every attempt. */
  readonly id: string
  readonly type: string
  /** `held` waits for the webhook to be enabled again. */
  readonly state: 'pending' | 'delivered' | 'failed' | 'held'
  readonly attemptsMade: number
  readonly nextAttemptAt: string | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAt: string
}

export type WebhookAttempt = {
  readonly at: string
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
  readonly nextAttemptAt: string | null
}

export type WebhookDeliveryInFull = WebhookDelivery & {
  /** The exact text that is signed and sent. */
  readonly payload: string
  readonly attempts: readonly WebhookAttempt[]
}

export type WebhookDeliveryPage = {
  readonly deliveries: readonly WebhookDelivery[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

type Done = { readonly ok: true }
type Held<T> = { readonly webhook: T }

/** Where an organisation is told of events, and what came of telling. */
export function webhooksApi(send: Transport) {
  const all = '/dashboard/webhooks'
  const one = (id: string) => `${all}/${encodeURIComponent(id)}`
  const delivery = (id: string, deliveryId: string) =>
    `${one(id)}/deliveries/${encodeURIComponent(deliveryId)}`
  return {
    list: async (options?: CallOptions) =>
      (await send<{ readonly webhooks: readonly Webhook[] }>('GET', all, options)).webhooks,
    create: async (body: NewWebhook, options?: CallOptions) =>
      (await send<Held<RevealedWebhook>>('POST', all, { ...options, body })).webhook,
    get: async (id: string, options?: CallOptions) =>
      (await send<Held<Webhook>>('GET', one(id), options)).webhook,
    update: async (id: string, body: WebhookChange, options?: CallOptions) =>
      (await send<Held<Webhook>>('PUT', one(id), { ...options, body })).webhook,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', one(id), options),
    /** Sends what it missed in the last 7 days. */
    enable: (id: string, options?: CallOptions) =>
      send<Held<Webhook> & { readonly replayed: number }>('POST', `${one(id)}/enable`, options),
    /** Both secrets sign for 24 hours. */
    rotateSecret: async (id: string, options?: CallOptions) =>
      (await send<Held<RevealedWebhook>>('POST', `${one(id)}/rotate-secret`, options)).webhook,
    test: (id: string, options?: CallOptions) =>
      send<{ readonly deliveryId: string }>('POST', `${one(id)}/test`, options),
    /** Sends everything of a span of at most 7 days again. Both ends are ISO 8601. */
    replay: (id: string, span: { readonly from: string; readonly to: string }, options?: CallOptions) =>
      send<{ readonly replayed: number }>('POST', `${one(id)}/replay`, { ...options, body: span }),
    deliveries: {
      list: (
        id: string,
        query: { readonly cursor?: string; readonly limit?: number } = {},
        options?: CallOptions,
      ) => send<WebhookDeliveryPage>('GET', `${one(id)}/deliveries`, { ...options, query }),
      get: async (id: string, deliveryId: string, options?: CallOptions) =>
        (await send<{ readonly delivery: WebhookDeliveryInFull }>('GET', delivery(id, deliveryId), options))
          .delivery,
      replay: (id: string, deliveryId: string, options?: CallOptions) =>
        send<Done>('POST', `${delivery(id, deliveryId)}/replay`, options),
    },
  }
}
