import { type AuditedTx, type AuditLog, mutate } from '../audit/index.ts'
import type { Clock } from '../clock/index.ts'
import { type Database, type NewOf, type TenantTx, within } from '../db/index.ts'
import { deleteDeliveries, forgetHealth, insertDelivery, setReplayed } from '../delivery/index.ts'
import { withoutGaps } from '../endpoint/index.ts'
import type { Egress } from '../egress/index.ts'
import { newId } from '../ids/index.ts'
import type { Principal } from '../principal/index.ts'
import { type SealContext, type Sealer, Secret } from '../secrets/index.ts'
import { judgeWebhookUrlNow } from './judge-webhook-url.ts'
import { problems } from './problems.ts'
import type { endpointSettings } from './store/endpoint-columns.ts'
import {
  deleteEndpoint,
  type EndpointChange,
  findAnyEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  setEnabled,
  setEndpoint,
  setSecret,
  type WebhookEndpoint,
} from './store/endpoint-store.ts'
import { webhookQueueName } from './webhook-queue-name.ts'

export type WebhookDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly sealer: Sealer
  readonly egress: Egress
  readonly randomBytes: (length: number) => Buffer
  /** The service whose endpoints these functions act on. */
  readonly service: string
  /** Restricts them to endpoints that the keys of this service registered; without it, all endpoints. */
  readonly registeredBy?: string | undefined
  readonly endpointsMax: number
}

export type WebhookRequest = Omit<NewOf<typeof endpointSettings>, 'asymmetric'> & {
  /** Whether messages carry a `v1a` signature as well. Default false. */
  readonly asymmetric?: boolean | undefined
}

/** The secret is in clear text only here: pass it on once, and do not store it. */
export type MintedWebhook = { readonly secret: Secret; readonly endpoint: WebhookEndpoint }

const day = 24 * 60 * 60 * 1000
const overlapMs = day
export const replayMsMax = 7 * day

export async function createWebhookEndpoint(
  deps: WebhookDeps,
  principal: Principal,
  request: WebhookRequest,
): Promise<MintedWebhook> {
  await assertUrl(deps, principal, request.url)
  const nowMs = deps.clock.now()
  const id = `whe_${newId(nowMs)}`
  const secret = mintSecret(deps)
  return mutate(deps, principal, async (tx) => {
    if ((await listEndpoints(tx, { service: deps.service })).length >= deps.endpointsMax)
      throw problems.WEBHOOK_LIMIT_REACHED()
    const sealedSecret = deps.sealer.seal(secretPlace(tx.orgId, id), secret.reveal())
    const { service, registeredBy } = deps
    await insertEndpoint(tx, {
      ...request,
      asymmetric: request.asymmetric ?? false,
      id,
      service,
      registeredBy,
      sealedSecret,
      state: 'enabled',
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    const endpoint = await findOrRefuse(deps, tx, id)
    return { result: { secret, endpoint }, entry: toEntry('webhook.create', endpoint, nowMs) }
  })
}

export async function listWebhookEndpoints(
  deps: Pick<WebhookDeps, 'db' | 'service' | 'registeredBy'>,
  principal: Principal,
): Promise<readonly WebhookEndpoint[]> {
  return within(deps, principal, (tx) => listEndpoints(tx, deps))
}

export async function getWebhookEndpoint(
  deps: Pick<WebhookDeps, 'db' | 'service'>,
  principal: Principal,
  id: string,
): Promise<WebhookEndpoint> {
  return within(deps, principal, (tx) => findOrRefuse(deps, tx, id))
}

/** An endpoint of any service, for notifications to its owners; undefined once it is deleted. */
export async function findWebhookEndpoint(
  deps: Pick<WebhookDeps, 'db'>,
  principal: Principal,
  id: string,
): Promise<WebhookEndpoint | undefined> {
  return within(deps, principal, (tx) => findAnyEndpoint(tx, id))
}

export async function updateWebhookEndpoint(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
  change: EndpointChange,
): Promise<WebhookEndpoint> {
  if (change.url !== undefined) await assertUrl(deps, principal, change.url)
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    const before = await lockOrRefuse(deps, tx, id)
    await setEndpoint(tx, id, { ...before, ...withoutGaps(change) }, nowMs)
    const endpoint = await findOrRefuse(deps, tx, id)
    return { result: endpoint, entry: toEntry('webhook.update', endpoint, nowMs) }
  })
}

export async function deleteWebhookEndpoint(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const endpoint = await lockOrRefuse(deps, tx, id)
    await deleteEndpoint(tx, id)
    await deleteDeliveries(tx, webhookQueueName, id)
    return { result: undefined, entry: toEntry('webhook.delete', endpoint, deps.clock.now()) }
  })
}

/** Enables an endpoint, and sends what it missed in the last seven days: deliveries that were held or given up. */
export async function enableWebhookEndpoint(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly replayed: number }> {
  const { url } = await getWebhookEndpoint(deps, principal, id)
  await assertUrl(deps, principal, url)
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    await lockOrRefuse(deps, tx, id)
    await setEnabled(tx, id, nowMs)
    await forgetHealth(tx, webhookQueueName, id)
    const missed = { fromMs: nowMs - replayMsMax, toMs: nowMs + 1, states: ['held', 'failed'] } as const
    const replayed = await setReplayed(tx, webhookQueueName, id, missed, nowMs)
    const endpoint = await findOrRefuse(deps, tx, id)
    return { result: { endpoint, replayed }, entry: toEntry('webhook.enable', endpoint, nowMs) }
  })
}

/**
 * Replaces the secret immediately; the previous one signs beside it for 24 hours (W2), or not at all if it was exposed.
 */
export async function rotateWebhookSecret(
  deps: Pick<WebhookDeps, 'db' | 'audit' | 'clock' | 'sealer' | 'randomBytes' | 'service' | 'registeredBy'>,
  principal: Principal,
  id: string,
  { isExposed = false }: { readonly isExposed?: boolean } = {},
): Promise<MintedWebhook> {
  const nowMs = deps.clock.now()
  const secret = mintSecret(deps)
  return mutate(deps, principal, async (tx) => {
    const { sealedSecret } = await lockOrRefuse(deps, tx, id)
    const before = deps.sealer.open(secretPlace(tx.orgId, id), sealedSecret)
    await setSecret(
      tx,
      id,
      {
        sealedSecret: deps.sealer.seal(secretPlace(tx.orgId, id), secret.reveal()),
        previous: isExposed
          ? null
          : {
              sealed: deps.sealer.seal(previousSecretPlace(tx.orgId, id), before.reveal()),
              untilMs: nowMs + overlapMs,
            },
      },
      nowMs,
    )
    const endpoint = await findOrRefuse(deps, tx, id)
    return { result: { secret, endpoint }, entry: toEntry('webhook.rotate_secret', endpoint, nowMs) }
  })
}

/** Sends a test message to this endpoint, whatever it subscribes to. Returns the delivery's id. */
export async function testWebhookEndpoint(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
  toBody: (messageId: string, atMs: number) => object,
): Promise<string> {
  const { url } = await getWebhookEndpoint(deps, principal, id)
  await assertUrl(deps, principal, url)
  const nowMs = deps.clock.now()
  const messageId = `evt_${newId(nowMs)}`
  return mutate(deps, principal, async (tx) => {
    const endpoint = await lockOrRefuse(deps, tx, id)
    if (endpoint.state === 'disabled') throw problems.WEBHOOK_DISABLED()
    const body = JSON.stringify(toBody(messageId, nowMs))
    const delivery = { orgId: tx.orgId, queue: webhookQueueName, id: messageId, body, atMs: nowMs }
    await insertDelivery(tx, { ...delivery, event: 'webhook.test' }, { destinationId: id, state: 'pending' })
    return { result: messageId, entry: toEntry('webhook.test', endpoint, nowMs) }
  })
}

export function secretPlace(orgId: string, row: string): SealContext {
  return { orgId, table: 'gatehouse.webhook_endpoint', column: 'sealed_secret', row }
}

export function previousSecretPlace(orgId: string, row: string): SealContext {
  return { orgId, table: 'gatehouse.webhook_endpoint', column: 'sealed_previous', row }
}

export async function lockOrRefuse(
  deps: Pick<WebhookDeps, 'service' | 'registeredBy'>,
  tx: AuditedTx,
  id: string,
) {
  const endpoint = await lockEndpoint(tx, deps, id)
  if (endpoint === undefined) throw problems.NOT_FOUND()
  return endpoint
}

export async function findOrRefuse(
  deps: Pick<WebhookDeps, 'service' | 'registeredBy'>,
  tx: TenantTx,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(tx, deps, id)
  if (endpoint === undefined) throw problems.NOT_FOUND()
  return endpoint
}

function mintSecret({ randomBytes }: Pick<WebhookDeps, 'randomBytes'>): Secret {
  return new Secret(`whsec_${randomBytes(32).toString('base64')}`)
}

async function assertUrl({ egress }: WebhookDeps, { orgId }: Principal, url: string): Promise<void> {
  const verdict = await judgeWebhookUrlNow(egress.forOrg(orgId), url)
  if (!verdict.accepted)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'url', message: verdict.sentence }] })
}

export function toEntry(action: string, endpoint: WebhookEndpoint, at: number) {
  const { id, service, events } = endpoint
  // The URL may contain a token of the receiver, so the log names only its host.
  return {
    action,
    resourceId: id,
    detail: { service, host: new URL(endpoint.url).host, events: [...events] },
    at,
  }
}
