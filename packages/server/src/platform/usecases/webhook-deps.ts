import type { WebhookDeps } from '@gatehouse/kernel/webhooks'
import { webhookService } from '../../service/publish-event.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'

export function toWebhookDeps(deps: PlatformDeps): WebhookDeps {
  const { db, audit, clock, sealer, egress, randomBytes } = deps
  const { webhooksMax: endpointsMax } = policy
  return { db, audit, clock, sealer, egress, randomBytes, service: webhookService, endpointsMax }
}
