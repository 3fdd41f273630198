import { defineDestination } from '@gatehouse/kernel/delivery'
import { showHost, signingSecret, text } from '@gatehouse/kernel/endpoint'
import { Secret } from '@gatehouse/kernel/secrets'
import { signBody, signWebhook } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import type { ChannelTools, Notice } from './channel.ts'
import { postNotice } from './post-notice.ts'

/** A receiver of the customer's own, which verifies the sender by the signature (6.2). */
export const webhook = defineDestination({
  title: 'Webhook',
  config: z.strictObject({ url: text(1, 2_048), secret: signingSecret }),
  // Stored secrets may be shorter, because they were once accepted; an empty key is never used for signing.
  stored: z.strictObject({
    url: z.string(),
    secret: z.string().refine((secret) => secret !== '' && !/^whsec_[^A-Za-z0-9+/_-]*$/.test(secret)),
  }),
  example: { url: 'https://example.com/hook', secret: 'a secret of your own' },
  summary: ({ url }) => showHost(new URL(url).host),
  urls: ({ url }) => [{ field: 'url', url }],
  needsVerification: false,
  attempt: ({ url, secret: shared }, { id, body }: Notice, tools: ChannelTools) => {
    const secret = new Secret(shared)
    const message = { id, timestampSeconds: Math.floor(tools.nowMs / 1000), body: JSON.stringify(body) }
    return postNotice(tools, {
      url,
      body: message.body,
      headers: {
        ...signWebhook(message, [secret]),
        'x-manako-signature': `sha256=${signBody(message.body, secret)}`,
      },
    })
  },
})
