import type { TenantTx } from '@gatehouse/kernel/db'
import { publishWebhook } from '@gatehouse/kernel/webhooks'
import type { webhookEvents } from '../contract/webhooks.ts'
import { toWebhookBody, webhookService } from './webhook-deps.ts'

/** Tells the org's webhooks, in the transaction of what happened. */
export async function publishPlatformEvent(
  tx: TenantTx,
  type: (typeof webhookEvents)[number],
  data: object,
  atMs: number,
): Promise<void> {
  const { orgId } = tx
  await publishWebhook(tx, {
    service: webhookService,
    type,
    atMs,
    toBody: (id) => toWebhookBody({ id, type, orgId, atMs, data }),
  })
}
