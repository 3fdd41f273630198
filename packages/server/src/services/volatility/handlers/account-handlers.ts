import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type {
  getOwnAccount,
  getMyUsage,
  getPublicIncidents,
  getPublicStats,
  rotateVolatilityKey,
} from '../contract/account.ts'
import type { VolatilityDeps } from '../deps.ts'
import { readMe, rotateOwnKey } from '../usecases/own-account.ts'
import { createPublicFigures } from '../usecases/public-figures.ts'
import { readUsage } from '../usecases/read-usage.ts'

type Account = readonly [
  typeof getOwnAccount,
  typeof rotateVolatilityKey,
  typeof getMyUsage,
  typeof getPublicStats,
  typeof getPublicIncidents,
]

export function accountHandlers(deps: VolatilityDeps): HandlersOf<Account> {
  const figures = createPublicFigures(deps)
  return {
    getOwnAccount: (caller) => readMe(deps, caller),
    rotateVolatilityKey: (caller) => rotateOwnKey(deps, caller),
    getMyUsage: (caller, { query }) => readUsage(deps, caller, query),
    getPublicStats: async () => (await figures()).stats,
    getPublicIncidents: async () => (await figures()).incidents,
  }
}
