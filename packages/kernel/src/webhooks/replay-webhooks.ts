import { mutate } from '../audit/index.ts'
import { within } from '../db/index.ts'
import type { Principal } from '../principal/index.ts'
import { findOrRefuse, lockOrRefuse, replayMsMax, toEntry, type WebhookDeps } from './manage-webhooks.ts'
import { problems } from './problems.ts'
import {
  findDelivery,
  listAttempts,
  listDeliveries,
  type ReplaySpan,
  setReplayed,
  type WebhookAttemptRecord,
  type WebhookDelivery,
} from './store/delivery-store.ts'

type ReadDeps = Pick<WebhookDeps, 'db' | 'service'>

export async function listWebhookDeliveries(
  deps: ReadDeps,
  principal: Principal,
  endpointId: string,
  page: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<readonly WebhookDelivery[]> {
  return within(deps, principal, async (tx) => {
    await findOrRefuse(deps, tx, endpointId)
    return listDeliveries(tx, endpointId, page)
  })
}

export type WebhookDeliveryInFull = WebhookDelivery & {
  readonly body: string
  readonly attempts: readonly WebhookAttemptRecord[]
}

export async function getWebhookDelivery(
  deps: ReadDeps,
  principal: Principal,
  endpointId: string,
  id: string,
): Promise<WebhookDeliveryInFull> {
  return within(deps, principal, async (tx) => {
    await findOrRefuse(deps, tx, endpointId)
    const delivery = await findDelivery(tx, endpointId, id)
    if (delivery === undefined) throw problems.NOT_FOUND()
    return { ...delivery, attempts: await listAttempts(tx, endpointId, id) }
  })
}

/** Sends one delivery again, under the id it has. */
export async function replayWebhookDelivery(
  deps: WebhookDeps,
  principal: Principal,
  endpointId: string,
  id: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const endpoint = await lockOrRefuse(deps, tx, endpointId)
    if (endpoint.state === 'disabled') throw problems.WEBHOOK_DISABLED()
    if ((await findDelivery(tx, endpointId, id)) === undefined) throw problems.NOT_FOUND()
    const nowMs = deps.clock.now()
    await setReplayed(tx, endpointId, { id }, nowMs)
    const entry = toEntry('webhook.replay', endpoint, nowMs)
    return { result: undefined, entry: { ...entry, detail: { ...entry.detail, delivery: id } } }
  })
}

/** Sends everything of a span of at most seven days again, delivered or not. Returns how much that is. */
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
    const replayed = await setReplayed(tx, endpointId, span, nowMs)
    const entry = toEntry('webhook.replay', endpoint, nowMs)
    return { result: replayed, entry: { ...entry, detail: { ...entry.detail, replayed } } }
  })
}

function refuse(message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field: 'to', message }] })
}
