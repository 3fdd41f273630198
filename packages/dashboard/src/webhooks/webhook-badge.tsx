import type { Webhook } from '@gatehouse/sdk'
import { webhookWords as says } from '../words/webhook-words.ts'

export function WebhookBadge({ webhook: { state, failingSince } }: { readonly webhook: Webhook }) {
  if (state === 'disabled') return <span class="badge paused">{says.disabled}</span>
  if (failingSince !== null) return <span class="badge degraded">{says.failing}</span>
  return <span class="badge up">{says.enabled}</span>
}
