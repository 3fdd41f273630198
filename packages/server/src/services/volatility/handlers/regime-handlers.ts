import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getBoard } from '../contract/board.ts'
import type { getQuality, getVolatilityRange } from '../contract/quality.ts'
import type { getHistory, getRegime, getSeries, listRegimes } from '../contract/regime.ts'
import type { ComputingDeps, VolatilityDeps } from '../deps.ts'
import { findAsked, withPreset } from '../usecases/choose-preset.ts'
import { readBoard } from '../usecases/read-board.ts'
import { createQualityReader } from '../usecases/read-quality.ts'
import { createRangeReader } from '../usecases/read-range.ts'
import { readSeries } from '../usecases/read-series.ts'
import { readHistory, readRegime, readRegimes } from '../usecases/read-regime.ts'

type Regimes = readonly [
  typeof getRegime,
  typeof listRegimes,
  typeof getBoard,
  typeof getHistory,
  typeof getSeries,
  typeof getQuality,
  typeof getVolatilityRange,
]

export function regimeHandlers(deps: ComputingDeps & Pick<VolatilityDeps, 'cursors'>): HandlersOf<Regimes> {
  const readQuality = createQualityReader(deps)
  const readRange = createRangeReader(deps)
  return {
    getRegimeQuality: async (caller, { params: { symbol }, query }) =>
      readQuality({ symbol, ...(await withPreset(deps, caller, query)) }),
    getVolatilityRange: (_caller, { params: { symbol } }) => readRange(symbol),
    getRegime: (caller, { params: { symbol }, query: { preset, method, ...query } }) => {
      const chosen = findAsked(deps, caller, preset, method)
      // Synchronous if possible, because clients poll this endpoint.
      return chosen instanceof Promise
        ? chosen.then((own) => readRegime(deps, symbol, { ...query, preset: own }))
        : readRegime(deps, symbol, { ...query, preset: chosen })
    },
    listRegimes: async (caller, { query }) => readRegimes(deps, await withPreset(deps, caller, query)),
    getRegimeBoard: async (caller, { query: { preset, method } }) =>
      readBoard(deps, await findAsked(deps, caller, preset, method)),
    getRegimeHistory: async (caller, { params: { symbol }, query }) =>
      readHistory(deps, symbol, await withPreset(deps, caller, query)),
    getRegimeSeries: async (caller, { params: { symbol }, query }) =>
      readSeries(deps, symbol, await withPreset(deps, caller, query)),
  }
}
