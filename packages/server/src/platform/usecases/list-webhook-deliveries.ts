import type { Principal } from '@gatehouse/kernel/principal'
import { listWebhookDeliveries as listDeliveries } from '@gatehouse/kernel/webhooks'
import type { WireWebhookDelivery } from '../contract/webhooks.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { toWireWebhookDelivery } from '../to-wire-webhook.ts'
import { toWebhookDeps } from './webhook-deps.ts'

export type WebhookDeliveryPage = {
  readonly deliveries: WireWebhookDelivery[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

/** One page, newest first; new deliveries never shift it. */
export async function listWebhookDeliveries(
  deps: PlatformDeps,
  principal: Principal,
  endpointId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<WebhookDeliveryPage> {
  const list = `webhook-deliveries:${endpointId}`
  const beforeId = cursor === undefined ? undefined : deps.cursors.open(list, principal.orgId, cursor)
  if (cursor !== undefined && beforeId === undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'cursor', message: 'is not a cursor of this list' }],
    })
  const page = { beforeId, limit: limit + 1 }
  const rows = await listDeliveries(toWebhookDeps(deps), principal, endpointId, page)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    deliveries: shown.map(toWireWebhookDelivery),
    nextCursor: hasMore && last ? deps.cursors.seal(list, principal.orgId, last.id) : null,
    hasMore,
  }
}
