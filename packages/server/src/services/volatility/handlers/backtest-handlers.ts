import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { backtestEndpoints } from '../contract/backtest.ts'
import type { ComputingDeps, VolatilityDeps } from '../deps.ts'
import { chargeBacktest } from '../usecases/charge-backtest.ts'
import { withPreset } from '../usecases/choose-preset.ts'
import { runBacktest } from '../usecases/run-backtest.ts'

type Deps = ComputingDeps & Pick<VolatilityDeps, 'billing' | 'chargeLimit'>

/** Handlers for backtests, which plans limit separately from requests. */
export function backtestHandlers(deps: Deps): HandlersOf<typeof backtestEndpoints> {
  return {
    runBacktest: async (caller, { body }) => {
      await chargeBacktest(deps, caller)
      return runBacktest(deps, await withPreset(deps, caller, body))
    },
    runSymbolBacktest: async (caller, { params, body }) => {
      await chargeBacktest(deps, caller)
      return runBacktest(deps, { ...params, ...(await withPreset(deps, caller, body)) })
    },
  }
}
