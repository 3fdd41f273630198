import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getHistory, getRegime, getSeries, listRegimes } from '../contract/regime.ts'
import type { VolatilityDeps } from '../deps.ts'
import { readSeries } from '../usecases/read-series.ts'
import { readHistory, readRegime, readRegimes } from '../usecases/read-regime.ts'

type Regimes = readonly [typeof getRegime, typeof listRegimes, typeof getHistory, typeof getSeries]

export function regimeHandlers(deps: VolatilityDeps): HandlersOf<Regimes> {
  return {
    getRegime: (_caller, { params: { symbol }, query }) => readRegime(deps, symbol, query),
    listRegimes: (_caller, { query }) => readRegimes(deps, query),
    getRegimeHistory: (_caller, { params: { symbol }, query }) => readHistory(deps, symbol, query),
    getRegimeSeries: (_caller, { params: { symbol }, query }) => readSeries(deps, symbol, query),
  }
}
