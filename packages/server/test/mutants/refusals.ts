import { z } from 'zod'
import { changingEndpoint, changingHandler, mergeParts, type Mutant } from './mutant.ts'

let answers = 0

const openToAll = {
  access: { kind: 'public', because: 'of a mistake', limit: { name: 'page', by: 'ip' } },
  reply: { status: 200, schema: z.looseObject({}) },
} as const

export const refusalMutants: readonly Mutant[] = [
  {
    claim: 'refusals.are-identical',
    group: 'wrapped',
    weakened: {
      // Each refusal in words of its own.
      wrapService: (service) => ({
        ...service,
        envelope: {
          ...service.envelope,
          toBody: (refusal) => ({ ...service.envelope.toBody(refusal), number: (answers += 1) }),
        },
      }),
    },
  },
  {
    claim: 'refusals.never-leave-early',
    group: 'wrapped',
    weakened: {
      wrapService: (service) => ({
        ...service,
        policy: { ...service.policy, gate: { ...service.policy.gate, floorMs: 0 } },
      }),
    },
  },
  {
    claim: 'refusals.meet-every-stranger',
    group: 'open',
    weakened: mergeParts([
      changingEndpoint('listServices', ({ tool: _tool, ...endpoint }) => ({ ...endpoint, ...openToAll })),
      changingHandler('listServices', () => ({ services: [] })),
    ]),
  },
  // A door that is open to all is open to whoever shows a key in the wrong place.
  { claim: 'refusals.credentials-come-in-headers', group: 'open' },
]
