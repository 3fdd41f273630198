import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getPreset, getStatus, listPresets, listSymbols, listTimeframes } from '../contract/catalog.ts'
import type { VolatilityDeps } from '../deps.ts'
import { barsPerYear, timeframes } from '../domain/timeframe.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listBuiltInPresets, readPresets, readStatus, readSymbols } from '../usecases/read-catalog.ts'

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
    listPresets: () => readPresets(),
    getPreset: (_caller, { params: { name } }) => {
      const found = listBuiltInPresets().find((preset) => preset.name === name)
      if (found === undefined) throw problems.preset_not_found()
      return found
    },
    getFeedStatus: () => readStatus(deps),
  }
}
