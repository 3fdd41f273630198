import { RawReply } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { batchBody } from '../../src/services/oversight/contract/scoring.ts'
import { batchItem } from '../../src/services/oversight/contract/interaction-shape.ts'
import { changingEndpoint, changingHandler, type Mutant, readText } from './mutant.ts'

type NewMonitor = {
  readonly body: { readonly config: { readonly headers?: object }; readonly downThreshold?: number }
}

export const inputMutants: readonly Mutant[] = [
  {
    claim: 'input.unknown-members-are-refused',
    group: 'services',
    weakened: changingEndpoint('createIncident', (endpoint) => ({
      ...endpoint,
      body: z.looseObject({ title: z.string() }),
    })),
  },
  {
    claim: 'input.bodies-are-capped',
    group: 'wrapped',
    weakened: changingEndpoint('createMonitor', (endpoint) => ({
      ...endpoint,
      bodyBytesMax: 4_194_304,
    })),
  },
  {
    claim: 'input.batches-are-capped',
    group: 'wrapped',
    weakened: changingEndpoint('scoreBatch', (endpoint) => ({
      ...endpoint,
      body: batchBody.extend({ interactions: z.array(batchItem) }),
    })),
  },
  {
    claim: 'input.headers-cannot-be-injected',
    group: 'wrapped',
    weakened: changingHandler<NewMonitor>('createMonitor', ({ caller, input, handle }) => {
      // Nothing looks at headers any more; and one failure is enough for an incident.
      const { headers: _headers, ...config } = input.body.config
      return handle(caller, { ...input, body: { ...input.body, config, downThreshold: 1 } })
    }),
  },
  // The same server opens incidents too soon.
  { claim: 'alerts.incidents-need-failures-in-a-row', group: 'wrapped' },
  {
    claim: 'input.pages-escape-what-people-write',
    group: 'wrapped',
    weakened: changingHandler<unknown, RawReply>('readStatusPage', async ({ caller, input, handle }) => {
      const page = await handle(caller, input)
      const text = readText(page)
      const markup = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>')
      return new RawReply(markup)
    }),
  },
  {
    claim: 'input.model-control-tokens-are-refused',
    group: 'wrapped',
    weakened: { judgeControlTokens: () => [] },
  },
]
