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

/** `refresh_token_replayed` ended a family of sessions; `sudo_locked` is by wrong proofs. */
export type SecurityIncidentKind = 'refresh_token_replayed' | 'sudo_locked'

/** What happened, when, and to which member: nothing of what was tried, nor from where. */
export async function publishSecurityIncident(
  tx: TenantTx,
  kind: SecurityIncidentKind,
  userId: string,
  atMs: number,
): Promise<void> {
  const data = { kind, at: new Date(atMs).toISOString(), user_id: userId }
  await publishPlatformEvent(tx, 'security.incident', data, atMs)
}
