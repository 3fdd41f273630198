import type { Mutant } from './mutant.ts'

export const tenancyMutants: readonly Mutant[] = [
  {
    claim: 'tenancy.row-security-is-forced',
    group: 'wrapped',
    weaken: async ({ db }) => {
      await db.pool.query('ALTER TABLE gatehouse.api_key NO FORCE ROW LEVEL SECURITY')
    },
  },
]
