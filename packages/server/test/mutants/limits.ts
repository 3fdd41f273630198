import type { Mutant } from './mutant.ts'

export const limitMutants: readonly Mutant[] = [
  {
    claim: 'limits.sign-in-by-address',
    group: 'wrapped',
    weakened: {
      wrapLimitStore: (store) => ({ ...store, take: () => ({ admitted: true, counted: false }) }),
    },
  },
]
