import type { Webhook } from '@gatehouse/sdk'
import { webhookWords as says } from '../words/webhook-words.ts'
import { StatusMark } from '../parts/status-mark.tsx'

export function WebhookBadge({ webhook: { state, failingSince } }: { readonly webhook: Webhook }) {
  if (state === 'disabled') return <StatusMark tone="paused" text={says.disabled} />
  if (failingSince !== null) return <StatusMark tone="degraded" text={says.failing} />
  return <StatusMark tone="ok" text={says.enabled} />
}
