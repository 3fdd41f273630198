import type { AttemptRecord } from '@gatehouse/kernel/delivery'
import { showUrl } from '@gatehouse/kernel/endpoint'
import type {
  MintedWebhook,
  WebhookDelivery,
  WebhookDeliveryInFull,
  WebhookEndpoint,
} from '@gatehouse/kernel/webhooks'
import { pickShown } from '../../service/pick-shown.ts'
import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import {
  shownWebhookSettings,
  type WireWebhook,
  type WireWebhookAttempt,
  type WireWebhookDelivery,
} from '../contract/webhooks.ts'

export function toWireWebhook(endpoint: WebhookEndpoint): WireWebhook {
  return {
    id: endpoint.id,
    ...pickShown(shownWebhookSettings, endpoint),
    shownUrl: showUrl(endpoint.url),
    state: endpoint.state,
    disabledBecause: endpoint.disabledBecause,
    failingSince: toTimeOrNull(endpoint.failingSinceMs),
    previousSecretUntil: toTimeOrNull(endpoint.previousSecretUntilMs),
    createdAt: toTime(endpoint.createdAtMs),
    updatedAt: toTime(endpoint.updatedAtMs),
  }
}

/** The wire form of a new webhook, for the two replies that show the secret. */
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
    nextAttemptAt: toTimeOrNull(nextAttemptAtMs),
    lastStatus,
    lastError,
    createdAt: toTime(createdAtMs),
  }
}

export function toWireWebhookDeliveryInFull(delivery: WebhookDeliveryInFull) {
  return {
    ...toWireWebhookDelivery(delivery),
    payload: delivery.body,
    attempts: delivery.attempts.map(toWireAttempt),
  }
}

function toWireAttempt(attempt: AttemptRecord): WireWebhookAttempt {
  const { atMs, status, error, durationMs, nextAttemptAtMs } = attempt
  return { at: toTime(atMs), status, error, durationMs, nextAttemptAt: toTimeOrNull(nextAttemptAtMs) }
}
