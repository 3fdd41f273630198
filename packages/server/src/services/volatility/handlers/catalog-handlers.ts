import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getPreset, getStatus, listPresets, listSymbols, listTimeframes } from '../contract/catalog.ts'
import type { VolatilityDeps } from '../deps.ts'
import { barsPerYear, timeframes } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { readPreset, readPresets, readStatus, readSymbols } from '../usecases/read-catalog.ts'

type Catalog = readonly [
  typeof listSymbols,
  typeof listTimeframes,
  typeof listPresets,
  typeof getPreset,
  typeof getStatus,
]

export function catalogHandlers(deps: VolatilityDeps): HandlersOf<Catalog> {
  return {
    listSymbols: () => readSymbols(deps),
    listTimeframes: () => ({
      timeframes: [...timeframes],
      default: volatilityPolicy.defaultTimeframe,
      bars_per_year: barsPerYear,
    }),
    listPresets: (caller) => readPresets(deps, caller),
    getPreset: (caller, { params: { name } }) => readPreset(deps, caller, name),
    getFeedStatus: () => readStatus(deps),
  }
}
