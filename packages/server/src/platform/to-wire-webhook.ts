import type {
  MintedWebhook,
  WebhookAttemptRecord,
  WebhookDelivery,
  WebhookDeliveryInFull,
  WebhookEndpoint,
} from '@gatehouse/kernel/webhooks'
import type { WireWebhook, WireWebhookAttempt, WireWebhookDelivery } from './contract/webhooks.ts'
import { toWireTime } from './to-wire.ts'

export function toWireWebhook(endpoint: WebhookEndpoint): WireWebhook {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    events: [...endpoint.events],
    asymmetric: endpoint.asymmetric,
    state: endpoint.state,
    disabledBecause: endpoint.disabledBecause,
    failingSince: toWireTimeOrNull(endpoint.failingSinceMs),
    previousSecretUntil: toWireTimeOrNull(endpoint.previousSecretUntilMs),
    createdAt: toWireTime(endpoint.createdAtMs),
    updatedAt: toWireTime(endpoint.updatedAtMs),
  }
}

/** For the two replies that show the secret. */
export function toWireNewWebhook({ endpoint, secret }: MintedWebhook): WireWebhook & { secret: string } {
  return { ...toWireWebhook(endpoint), secret: secret.reveal() }
}

export function toWireWebhookDelivery(delivery: WebhookDelivery): WireWebhookDelivery {
  const { id, type, state, attemptsMade, nextAttemptAtMs, lastStatus, lastError, createdAtMs } = delivery
  return {
    id,
    type,
    state,
    attemptsMade,
    nextAttemptAt: toWireTimeOrNull(nextAttemptAtMs),
    lastStatus,
    lastError,
    createdAt: toWireTime(createdAtMs),
  }
}

export function toWireWebhookDeliveryInFull(delivery: WebhookDeliveryInFull) {
  return {
    ...toWireWebhookDelivery(delivery),
    payload: delivery.body,
    attempts: delivery.attempts.map(toWireAttempt),
  }
}

function toWireAttempt(attempt: WebhookAttemptRecord): WireWebhookAttempt {
  const { atMs, status, error, durationMs, nextAttemptAtMs } = attempt
  return { at: toWireTime(atMs), status, error, durationMs, nextAttemptAt: toWireTimeOrNull(nextAttemptAtMs) }
}

function toWireTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toWireTime(ms)
}
