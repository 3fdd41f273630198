import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { type AttemptContext, defineDestination, toAttempt, toHttpAttempt } from '../delivery/index.ts'
import { type Egress, EgressError } from '../egress/index.ts'
import type { Secret } from '../secrets/index.ts'
import { judgeWebhookUrl, webhookEgressPolicy } from './judge-webhook-url.ts'
import { type SignOwn, signWebhook } from './sign-webhook.ts'
import { webhookRules } from './webhook-rules.ts'

/** One event for one endpoint. `secrets` are those that are valid now, and `privateKeys` sign in addition. */
export type WebhookToSend = {
  readonly id: string
  readonly body: string
  readonly attempt: number
  readonly secrets: readonly Secret[]
  readonly privateKeys: readonly KeyObject[]
  readonly signOwn: SignOwn | undefined
}

/** An endpoint that an org registered for events. A redirect counts as an answer like any other. */
export const webhookDestination = defineDestination({
  title: 'Endpoint',
  config: z.strictObject({ url: z.string() }),
  example: { url: 'https://example.com/hook' },
  summary: ({ url }) => new URL(url).host,
  urls: ({ url }) => [{ field: 'url', url }],
  needsVerification: false,
  attempt: async (
    { url },
    { id, body, attempt, secrets, privateKeys, signOwn }: WebhookToSend,
    { egress, nowMs, signal }: AttemptContext & { readonly egress: Egress },
  ) => {
    if (!judgeWebhookUrl(egress, url).accepted) return toAttempt('again', 'target_forbidden')
    const message = { id, timestampSeconds: Math.floor(nowMs / 1000), body }
    try {
      const answer = await egress.request({
        url,
        method: 'POST',
        policy: webhookEgressPolicy,
        body,
        headers: {
          'content-type': 'application/json',
          'x-gatehouse-attempt': String(attempt),
          ...signWebhook(message, secrets, privateKeys),
          ...signOwn?.(message, secrets),
        },
        signal,
      })
      return toHttpAttempt(answer, nowMs, webhookRules)
    } catch (error) {
      if (error instanceof EgressError) return toAttempt('again', error.code)
      throw error
    }
  },
})
