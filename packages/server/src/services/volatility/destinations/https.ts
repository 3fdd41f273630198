import { defineDestination } from '@gatehouse/kernel/delivery'
import { text } from '@gatehouse/kernel/endpoint'
import { serviceSignature, signWebhook } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import { post, type ReceiverTools, type RegimeMessage } from './receiver.ts'

/** A receiver of the customer's own, which verifies either signature (specification 11). */
export const https = defineDestination({
  title: 'Webhook',
  config: z.strictObject({ url: text(1, 2_048) }),
  example: { url: 'https://example.com/hook' },
  summary: ({ url }) => url,
  urls: ({ url }) => [{ field: 'url', url }],
  needsVerification: false,
  attempt: ({ url }, { id, body, attempt, secret }: RegimeMessage, tools: ReceiverTools) => {
    if (secret === undefined) throw new Error('A webhook has no secret to sign with')
    const message = { id, timestampSeconds: Math.floor(tools.nowMs / 1_000), body }
    return post(tools, {
      url,
      body,
      headers: {
        'x-gatehouse-attempt': String(attempt),
        ...signWebhook(message, [secret]),
        'x-amaneki-signature': serviceSignature(message, [secret]),
      },
    })
  },
})
