import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import {
  type DeliveryInFull,
  findDelivery,
  insertDelivery,
  listDeliveriesInFull,
} from '@gatehouse/kernel/delivery'
import type { InputOf, ReplyOf } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { listRegimeDeliveries, testRegimeWebhook } from '../contract/webhooks.ts'
import { problems } from '../problems.ts'
import { subscriptionQueue } from '../store/subscription-store.ts'
import { findOrRefuse, lockOrRefuse, toEntry, type WebhookDeps } from './webhooks.ts'

const outcomeMs = { everyMs: 100, withinMs: 16_000 }

/** Sends a test message through the regular path, and waits for the result of the first attempt. */
export async function testWebhook(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
  signal: AbortSignal,
): Promise<ReplyOf<typeof testRegimeWebhook>> {
  const nowMs = deps.clock.now()
  const eventId = `evt_${newId(nowMs)}`
  const destinationId = await mutate(deps, principal, async (tx) => {
    const found = await lockOrRefuse(tx, principal, id)
    if (found.state !== 'active') throw problems.webhook_closed()
    const told = { id: eventId, type: 'webhook.test', ts_ms: nowMs, sent_ms: nowMs, symbol: 'btcusdt' }
    const body = JSON.stringify(found.kind === 'https' ? told : { events: [told], more: 0 })
    await insertDelivery(
      tx,
      { orgId: tx.orgId, queue: subscriptionQueue, id: eventId, event: 'webhook.test', body, atMs: nowMs },
      { destinationId: found.id, state: 'pending' },
    )
    return { result: found.id, entry: toEntry('webhook.test', found, nowMs) }
  })
  const untilMs = deps.clock.monotonic() + outcomeMs.withinMs
  for (;;) {
    const delivery = await within(deps, principal, (tx) =>
      findDelivery(tx, subscriptionQueue, destinationId, eventId),
    )
    const [first] = delivery?.attempts ?? []
    if (first !== undefined)
      return {
        delivery_id: eventId,
        delivered: delivery?.state === 'delivered',
        status: first.status,
        error: first.error,
        duration_ms: first.durationMs,
      }
    if (signal.aborted || deps.clock.monotonic() >= untilMs)
      return { delivery_id: eventId, delivered: null, status: null, error: null, duration_ms: null }
    await new Promise((resolve) => void setTimeout(resolve, outcomeMs.everyMs))
  }
}

export async function listDeliveries(
  deps: Pick<WebhookDeps, 'db'>,
  principal: Principal,
  id: string,
  { limit, before }: InputOf<typeof listRegimeDeliveries>['query'],
): Promise<ReplyOf<typeof listRegimeDeliveries>> {
  return within(deps, principal, async (tx) => {
    const found = await findOrRefuse(tx, principal, id)
    const page = { destinationId: found.id, beforeId: before, limit }
    const deliveries = await listDeliveriesInFull(tx, subscriptionQueue, page)
    const last = deliveries.length < limit ? undefined : deliveries.at(-1)
    return { deliveries: deliveries.map(toWire), next_cursor: last?.id ?? null }
  })
}

function toWire({
  id,
  event,
  state,
  attemptsMade,
  nextAttemptAtMs,
  createdAtMs,
  body,
  attempts,
}: DeliveryInFull) {
  return {
    id,
    event,
    state,
    attempts_made: attemptsMade,
    next_attempt_ms: nextAttemptAtMs,
    created_at_ms: createdAtMs,
    // Safe: bodies of this queue are objects, and the reply is validated by its schema.
    payload: JSON.parse(body) as Record<string, unknown>,
    attempts: attempts.map((attempt) => ({
      at_ms: attempt.atMs,
      status: attempt.status,
      error: attempt.error,
      duration_ms: attempt.durationMs,
      next_attempt_ms: attempt.nextAttemptAtMs,
    })),
  }
}
