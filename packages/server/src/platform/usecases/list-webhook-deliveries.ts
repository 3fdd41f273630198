import type { Principal } from '@gatehouse/kernel/principal'
import {
  listAllWebhookDeliveries as listAllDeliveries,
  listWebhookDeliveries as listDeliveries,
} from '@gatehouse/kernel/webhooks'
import { openCursor, openPlace, toPage, toPlace } from '../../service/paging.ts'
import type { WireWebhookDelivery } from '../contract/webhooks.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireWebhookDelivery } from './to-wire-webhook.ts'
import { toWebhookDeps } from './webhook-deps.ts'

export type WebhookDeliveryPage = {
  readonly deliveries: WireWebhookDelivery[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

/** One page of deliveries, newest first; new deliveries never shift it. */
export async function listWebhookDeliveries(
  deps: PlatformDeps,
  principal: Principal,
  endpointId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<WebhookDeliveryPage> {
  const list = `webhook-deliveries:${endpointId}`
  const { orgId } = principal
  const beforeId = openCursor(deps, list, orgId, cursor)
  const rows = await listDeliveries(toWebhookDeps(deps), principal, endpointId, {
    beforeId,
    limit: limit + 1,
  })
  const { entries, nextCursor, hasMore } = toPage(deps, list, orgId, rows, limit, ({ id }) => id)
  return { deliveries: entries.map(toWireWebhookDelivery), nextCursor, hasMore }
}

export type AllDeliveriesPage = Omit<WebhookDeliveryPage, 'deliveries'> & {
  readonly deliveries: (WireWebhookDelivery & { readonly webhookId: string })[]
}

export async function listAllWebhookDeliveries(
  deps: PlatformDeps,
  principal: Principal,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<AllDeliveriesPage> {
  const list = 'webhook-deliveries'
  const { orgId } = principal
  const before = openPlace(openCursor(deps, list, orgId, cursor))
  const rows = await listAllDeliveries(toWebhookDeps(deps), principal, { before, limit: limit + 1 })
  const { entries, nextCursor, hasMore } = toPage(deps, list, orgId, rows, limit, ({ id, webhookId }) =>
    toPlace({ id, destinationId: webhookId }),
  )
  const deliveries = entries.map((entry) => ({ ...toWireWebhookDelivery(entry), webhookId: entry.webhookId }))
  return { deliveries, nextCursor, hasMore }
}
