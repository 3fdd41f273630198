import { changingHandler, mergeParts, type Mutant } from './mutant.ts'

type Made = { readonly webhook: { readonly secret: string } }
type Shown = { readonly webhook: object }

let secret = ''

export const webhookMutants: readonly Mutant[] = [
  {
    claim: 'webhooks.secrets-are-shown-once',
    group: 'wrapped',
    weakened: mergeParts([
      changingHandler<unknown, Made>('createWebhook', async ({ caller, input, handle }) => {
        const reply = await handle(caller, input)
        secret = reply.webhook.secret
        return reply
      }),
      changingHandler<unknown, Shown>('getWebhook', async ({ caller, input, handle }) => {
        const reply = await handle(caller, input)
        return { webhook: { ...reply.webhook, description: secret } }
      }),
    ]),
  },
  {
    claim: 'webhooks.secrets-change-with-the-webhook',
    group: 'wrapped',
    weakened: changingHandler<unknown, object>('createRegimeWebhook', async ({ caller, input, handle }) => ({
      ...(await handle(caller, input)),
      signing_secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    })),
  },
]
