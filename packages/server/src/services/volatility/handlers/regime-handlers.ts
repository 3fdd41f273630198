import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getQuality, getVolatilityRange } from '../contract/quality.ts'
import type { getHistory, getRegime, getSeries, listRegimes } from '../contract/regime.ts'
import type { VolatilityDeps } from '../deps.ts'
import { createQualityReader } from '../usecases/read-quality.ts'
import { createRangeReader } from '../usecases/read-range.ts'
import { readSeries } from '../usecases/read-series.ts'
import { readHistory, readRegime, readRegimes } from '../usecases/read-regime.ts'

type Regimes = readonly [
  typeof getRegime,
  typeof listRegimes,
  typeof getHistory,
  typeof getSeries,
  typeof getQuality,
  typeof getVolatilityRange,
]

export function regimeHandlers(deps: VolatilityDeps): HandlersOf<Regimes> {
  const readQuality = createQualityReader(deps)
  const readRange = createRangeReader(deps)
  return {
    getRegimeQuality: (_caller, { params: { symbol }, query }) => readQuality({ symbol, ...query }),
    getVolatilityRange: (_caller, { params: { symbol } }) => readRange(symbol),
    getRegime: (_caller, { params: { symbol }, query }) => readRegime(deps, symbol, query),
    listRegimes: (_caller, { query }) => readRegimes(deps, query),
    getRegimeHistory: (_caller, { params: { symbol }, query }) => readHistory(deps, symbol, query),
    getRegimeSeries: (_caller, { params: { symbol }, query }) => readSeries(deps, symbol, query),
  }
}
