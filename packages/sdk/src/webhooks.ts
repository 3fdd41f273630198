import type {
  Done,
  NewWebhook,
  QueryOf,
  ReplyOf,
  RevealedWebhook,
  Webhook,
  WebhookChange,
  WebhookDeliveryInFull,
} from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

type Held<T> = { readonly webhook: T }

/** The organisation's webhook endpoints and their deliveries. */
export function webhooksApi(send: Transport) {
  const all = '/dashboard/webhooks'
  const one = (id: string) => `${all}/${encodeURIComponent(id)}`
  const delivery = (id: string, deliveryId: string) =>
    `${one(id)}/deliveries/${encodeURIComponent(deliveryId)}`
  return {
    /** The event types that a webhook can subscribe to. */
    events: async (options?: CallOptions) =>
      (await send<ReplyOf<'listWebhookEvents'>>('GET', `${all}/events`, options)).events,
    list: async (options?: CallOptions) =>
      (await send<ReplyOf<'listWebhooks'>>('GET', all, options)).webhooks,
    create: async (body: NewWebhook, options?: CallOptions) =>
      (await send<Held<RevealedWebhook>>('POST', all, { ...options, body })).webhook,
    get: async (id: string, options?: CallOptions) =>
      (await send<Held<Webhook>>('GET', one(id), options)).webhook,
    update: async (id: string, body: WebhookChange, options?: CallOptions) =>
      (await send<Held<Webhook>>('PUT', one(id), { ...options, body })).webhook,
    delete: (id: string, options?: CallOptions) => send<Done>('DELETE', one(id), options),
    /** Enables the webhook again and sends the events that it missed in the last 7 days. */
    enable: (id: string, options?: CallOptions) =>
      send<ReplyOf<'enableWebhook'>>('POST', `${one(id)}/enable`, options),
    /** Both the old and the new secret sign messages for 24 hours. */
    rotateSecret: async (id: string, options?: CallOptions) =>
      (await send<Held<RevealedWebhook>>('POST', `${one(id)}/rotate-secret`, options)).webhook,
    test: (id: string, options?: CallOptions) =>
      send<ReplyOf<'testWebhook'>>('POST', `${one(id)}/test`, options),
    /** Sends all events of a span again: at most 7 days; both ends are ISO 8601. */
    replay: (id: string, span: { readonly from: string; readonly to: string }, options?: CallOptions) =>
      send<ReplyOf<'replayWebhooks'>>('POST', `${one(id)}/replay`, { ...options, body: span }),
    deliveries: {
      /** Deliveries of all webhooks. */
      listAll: (query: QueryOf<'listAllWebhookDeliveries'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listAllWebhookDeliveries'>>('GET', `${all}/deliveries`, { ...options, query }),
      list: (id: string, query: QueryOf<'listWebhookDeliveries'> = {}, options?: CallOptions) =>
        send<ReplyOf<'listWebhookDeliveries'>>('GET', `${one(id)}/deliveries`, { ...options, query }),
      get: async (id: string, deliveryId: string, options?: CallOptions): Promise<WebhookDeliveryInFull> =>
        (await send<ReplyOf<'getWebhookDelivery'>>('GET', delivery(id, deliveryId), options)).delivery,
      replay: (id: string, deliveryId: string, options?: CallOptions) =>
        send<Done>('POST', `${delivery(id, deliveryId)}/replay`, options),
    },
  }
}
