import type { Principal } from '@gatehouse/kernel/principal'
import { listWebhookDeliveries as listDeliveries } from '@gatehouse/kernel/webhooks'
import { openCursor, toPage } from '../../service/paging.ts'
import type { WireWebhookDelivery } from '../contract/webhooks.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireWebhookDelivery } from './to-wire-webhook.ts'
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
  const { orgId } = principal
  const beforeId = openCursor(deps, list, orgId, cursor)
  const rows = await listDeliveries(toWebhookDeps(deps), principal, endpointId, {
    beforeId,
    limit: limit + 1,
  })
  const { entries, nextCursor, hasMore } = toPage(deps, list, orgId, rows, limit, ({ id }) => id)
  return { deliveries: entries.map(toWireWebhookDelivery), nextCursor, hasMore }
}
