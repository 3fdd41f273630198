import { mutate } from '../audit/index.ts'
import { within } from '../db/index.ts'
import {
  type AttemptRecord,
  type Delivery,
  findDelivery,
  listDeliveries,
  type LogPlace,
  type ReplaySpan,
  setReplayed,
} from '../delivery/index.ts'
import type { Principal } from '../principal/index.ts'
import { findOrRefuse, lockOrRefuse, replayMsMax, toEntry, type WebhookDeps } from './manage-webhooks.ts'
import { problems } from './problems.ts'
import { listEndpoints } from './store/endpoint-store.ts'
import { webhookQueueName } from './webhook-queue-name.ts'

export type WebhookDeliveryState = 'pending' | 'delivered' | 'failed' | 'held'

export type WebhookDelivery = {
  /** The message's id: the `webhook-id` header of every attempt. */
  readonly id: string
  readonly type: string
  readonly state: WebhookDeliveryState
  readonly attemptsMade: number
  readonly nextAttemptAtMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAtMs: number
}

type ReadDeps = Pick<WebhookDeps, 'db' | 'service' | 'registeredBy'>

export async function listWebhookDeliveries(
  deps: ReadDeps,
  principal: Principal,
  endpointId: string,
  page: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<readonly WebhookDelivery[]> {
  return within(deps, principal, async (tx) => {
    await findOrRefuse(deps, tx, endpointId)
    const { beforeId, limit } = page
    const rows = await listDeliveries(tx, webhookQueueName, { destinationId: endpointId, beforeId, limit })
    return rows.map(toWebhookDelivery)
  })
}

export type AddressedDelivery = WebhookDelivery & { readonly webhookId: string }

/** Deliveries of all endpoints together, newest first. */
export async function listAllWebhookDeliveries(
  deps: ReadDeps,
  principal: Principal,
  page: { readonly before: LogPlace | undefined; readonly limit: number },
): Promise<readonly AddressedDelivery[]> {
  return within(deps, principal, async (tx) => {
    const destinationIds = (await listEndpoints(tx, deps)).map(({ id }) => id)
    const rows = await listDeliveries(tx, webhookQueueName, { destinationIds, ...page })
    return rows.map((row) => ({ ...toWebhookDelivery(row), webhookId: row.destinationId }))
  })
}

export type WebhookDeliveryInFull = WebhookDelivery & {
  readonly body: string
  readonly attempts: readonly AttemptRecord[]
}

export async function getWebhookDelivery(
  deps: ReadDeps,
  principal: Principal,
  endpointId: string,
  id: string,
): Promise<WebhookDeliveryInFull> {
  return within(deps, principal, async (tx) => {
    await findOrRefuse(deps, tx, endpointId)
    const delivery = await findDelivery(tx, webhookQueueName, endpointId, id)
    if (delivery === undefined) throw problems.NOT_FOUND()
    const { body, attempts } = delivery
    return { ...toWebhookDelivery(delivery), body, attempts }
  })
}

/** Sends one delivery again, under its existing id. */
export async function replayWebhookDelivery(
  deps: WebhookDeps,
  principal: Principal,
  endpointId: string,
  id: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const endpoint = await lockOrRefuse(deps, tx, endpointId)
    if (endpoint.state === 'disabled') throw problems.WEBHOOK_DISABLED()
    if ((await findDelivery(tx, webhookQueueName, endpointId, id)) === undefined) throw problems.NOT_FOUND()
    const nowMs = deps.clock.now()
    await setReplayed(tx, webhookQueueName, endpointId, { id }, nowMs)
    const entry = toEntry('webhook.replay', endpoint, nowMs)
    return { result: undefined, entry: { ...entry, detail: { ...entry.detail, delivery: id } } }
  })
}

/** Sends all deliveries of a span of at most seven days again, delivered or not. Returns how many there are. */
export async function replayWebhooks(
  deps: WebhookDeps,
  principal: Principal,
  endpointId: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  if (toMs <= fromMs) throw refuse('must be later than from')
  if (toMs - fromMs > replayMsMax) throw refuse('must be at most 7 days after from')
  return mutate(deps, principal, async (tx) => {
    const endpoint = await lockOrRefuse(deps, tx, endpointId)
    if (endpoint.state === 'disabled') throw problems.WEBHOOK_DISABLED()
    const nowMs = deps.clock.now()
    const span: ReplaySpan = { fromMs, toMs, states: ['delivered', 'failed', 'held'] }
    const replayed = await setReplayed(tx, webhookQueueName, endpointId, span, nowMs)
    const entry = toEntry('webhook.replay', endpoint, nowMs)
    return { result: replayed, entry: { ...entry, detail: { ...entry.detail, replayed } } }
  })
}

function refuse(message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field: 'to', message }] })
}

function toWebhookDelivery(delivery: Delivery): WebhookDelivery {
  const { id, event, state, attemptsMade, nextAttemptAtMs, lastStatus, lastError, createdAtMs } = delivery
  // A webhook is never merged, and never suppressed while its endpoint exists.
  const seen = state === 'suppressed' || state === 'merged' ? 'failed' : state
  return { id, type: event, state: seen, attemptsMade, nextAttemptAtMs, lastStatus, lastError, createdAtMs }
}
