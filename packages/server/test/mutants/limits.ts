import { createMemoryStore } from '@gatehouse/kernel/limits'
import { changingPolicy, type Mutant } from './mutant.ts'

export const limitMutants: readonly Mutant[] = [
  {
    claim: 'limits.sign-in-by-address',
    group: 'limitless',
    weakened: {
      wrapLimitStore: (store) => ({ ...store, take: () => ({ admitted: true, counted: false }) }),
    },
  },
  { claim: 'limits.dashboard-by-person', group: 'limitless' },
  { claim: 'limits.api-by-key', group: 'limitless' },
  { claim: 'limits.before-proof', group: 'limitless' },
  { claim: 'limits.oversight-by-key', group: 'limitless' },
  {
    claim: 'limits.fail-closed',
    group: 'limitless',
    weakened: changingPolicy('oversight', ({ gate }) => ({
      gate: { ...gate, beforeProof: { ...gate.beforeProof, whenStoreFails: 'admit' } },
    })),
  },
  {
    claim: 'limits.oversight-by-prefix',
    group: 'wrapped',
    weakened: changingPolicy('oversight', ({ gate }) => ({ gate: { ...gate, perKeyBy: 'org' } })),
  },
  {
    claim: 'limits.counts-are-forgotten',
    group: 'limitless',
    weakened: {
      createMemoryStore: (subjectsMax) => ({
        ...createMemoryStore(subjectsMax),
        forgetIdle: () => undefined,
      }),
    },
  },
]
