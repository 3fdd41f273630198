import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getFunding, getIvGap } from '../contract/derivatives.ts'
import type { VolatilityDeps } from '../deps.ts'
import { readFunding, readIvGap } from '../usecases/read-derivatives.ts'

export function derivativeHandlers(
  deps: Pick<VolatilityDeps, 'board' | 'clock' | 'db' | 'derivativeFeeds'>,
): HandlersOf<readonly [typeof getIvGap, typeof getFunding]> {
  return {
    getIvGap: (_caller, { params: { symbol } }) => readIvGap(deps, symbol),
    getFunding: (_caller, { params: { symbol } }) => readFunding(deps, symbol),
  }
}
