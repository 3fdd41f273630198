import { changingRequests, type Mutant } from './mutant.ts'

export const webhookMutants: readonly Mutant[] = [
  {
    claim: 'webhooks.are-signed',
    group: 'wrapped',
    weakened: changingRequests((request) => ({
      ...request,
      headers: { ...request.headers, 'webhook-signature': 'v1,AAAA' },
    })),
  },
]
