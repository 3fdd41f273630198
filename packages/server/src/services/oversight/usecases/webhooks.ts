import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  type WebhookDelivery,
  type WebhookDeps,
  type WebhookEndpoint,
} from '@gatehouse/kernel/webhooks'
import { webhookService } from '../../../service/publish-event.ts'
import type { RegisterBody } from '../contract/webhooks.ts'
import type { OversightDeps } from '../deps.ts'
import { oversightPolicy } from '../policy.ts'
import { replyStart } from './reply-start.ts'

export async function registerWebhook(
  deps: OversightDeps,
  principal: Principal,
  { url, events, description, secret: brought }: RegisterBody,
  context: RequestContext,
) {
  const wish = { url, events: [...new Set(events)], description: description ?? '' }
  const { endpoint, secret } = await createWebhookEndpoint(toWebhookDeps(deps), principal, wish)
  return {
    ...replyStart(deps, context),
    ...toWire(endpoint),
    signing_secret: secret.reveal(),
    warnings: brought === null ? [] : ['secret_not_used'],
  }
}

export async function listWebhooks(deps: OversightDeps, principal: Principal, context: RequestContext) {
  const own = toWebhookDeps(deps)
  const endpoints = await listWebhookEndpoints(own, principal)
  const listed = []
  for (const endpoint of endpoints) {
    const [last] = await listWebhookDeliveries(own, principal, endpoint.id, {
      beforeId: undefined,
      limit: 1,
    })
    listed.push({
      ...toWire(endpoint),
      description: endpoint.description,
      last_delivery: last === undefined ? null : toLastDelivery(last),
    })
  }
  return { ...replyStart(deps, context), endpoints: listed, count: listed.length }
}

export async function deleteWebhook(
  deps: OversightDeps,
  principal: Principal,
  id: string,
  context: RequestContext,
) {
  await deleteWebhookEndpoint(toWebhookDeps(deps), principal, id)
  return { ...replyStart(deps, context), deleted: true as const, endpoint_id: id }
}

/**
 * Restricts the organisation's webhook endpoints to those that keys of this service registered; the dashboard shows
 * all.
 */
function toWebhookDeps({ db, audit, clock, sealer, egress, randomBytes }: OversightDeps): WebhookDeps {
  return {
    db,
    audit,
    clock,
    sealer,
    egress,
    randomBytes,
    service: webhookService,
    registeredBy: 'oversight',
    endpointsMax: oversightPolicy.webhooksMax,
  }
}

function toWire({ id, url, state, createdAtMs, events }: WebhookEndpoint) {
  return {
    endpoint_id: id,
    url,
    active: state === 'enabled',
    created_at: new Date(createdAtMs).toISOString(),
    events: [...events],
  }
}

function toLastDelivery({ id, type, state, lastStatus, createdAtMs }: WebhookDelivery) {
  return { id, event: type, state, status: lastStatus, created_at: new Date(createdAtMs).toISOString() }
}
