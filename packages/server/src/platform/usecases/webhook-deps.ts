import type { WebhookDeps } from '@gatehouse/kernel/webhooks'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'

export const webhookService = 'platform'

export function toWebhookDeps(deps: PlatformDeps): WebhookDeps {
  const { db, audit, clock, sealer, egress, randomBytes } = deps
  const { webhooksMax: endpointsMax } = policy
  return { db, audit, clock, sealer, egress, randomBytes, service: webhookService, endpointsMax }
}

export type PlatformEvent = {
  readonly id: string
  readonly type: string
  readonly orgId: string
  readonly atMs: number
  readonly data: object
}

/** What a receiver of platform events reads. */
export function toWebhookBody({ id, type, orgId, atMs, data }: PlatformEvent): object {
  return { id, type, created_at: new Date(atMs).toISOString(), org_id: orgId, data }
}
