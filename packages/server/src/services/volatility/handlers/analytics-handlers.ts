import { type HandlersOf, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { analyticsEndpoints } from '../contract/analytics.ts'
import type { consensusEndpoints } from '../contract/consensus.ts'
import type { correlationEndpoints } from '../contract/correlation.ts'
import type { impactEndpoints } from '../contract/impact.ts'
import type { leadLagEndpoints } from '../contract/lead-lag.ts'
import type { ComputingDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { createAllowlists } from '../usecases/allowed-symbols.ts'
import { type Reader, withPreset } from '../usecases/choose-preset.ts'
import * as agreement from '../usecases/get-agreement.ts'
import * as analytics from '../usecases/get-analytics.ts'
import * as correlation from '../usecases/get-correlation.ts'
import * as leadLag from '../usecases/get-lead-lag.ts'
import { volatilityPolicy } from '../policy.ts'

type Computing = readonly [
  ...typeof analyticsEndpoints,
  ...typeof impactEndpoints,
  ...typeof correlationEndpoints,
  ...typeof consensusEndpoints,
  ...typeof leadLagEndpoints,
]

/** Handlers that compute on stored bars. */
export function analyticsHandlers(deps: ComputingDeps): HandlersOf<Computing> {
  const allowlists = createAllowlists(deps)
  /** Computations over many symbols include only those that the caller may see. */
  const visibleTo = async (caller: Reader): Promise<ReadonlySet<string> | null> =>
    caller.kind === 'key' ? allowlists.find(caller) : null
  /** The series that a request's path names, with the caller's preset. */
  const seriesOf = async <Query extends { readonly preset: string; readonly method: string }>(
    caller: Reader,
    { params, query }: { readonly params: { readonly symbol: string }; readonly query: Query },
  ) => ({ ...params, ...(await withPreset(deps, caller, query)) })
  return {
    getRegimeMatrix: async (caller, input) => analytics.getMatrix(deps, await seriesOf(caller, input)),
    getRegimeDurations: async (caller, input) => analytics.getDurations(deps, await seriesOf(caller, input)),
    getConditionalReturns: async (caller, input) =>
      analytics.getConditionalReturns(deps, await seriesOf(caller, input)),
    getRegimeForecast: async (caller, input) => {
      const { deprecatedAtMs, sunsetMs } = volatilityPolicy.forecast
      const successor = `${deps.publicUrl()}/v1/regime/${input.params.symbol}/conditional-returns`
      if (deps.clock.now() >= sunsetMs)
        throw problems.endpoint_retired({ detail: `This call is gone; ${successor} answers it` })
      const reply = await analytics.getConditionalReturns(deps, await seriesOf(caller, input))
      return new WithHeaders(reply, {
        deprecation: `@${deprecatedAtMs / 1_000}`,
        sunset: new Date(sunsetMs).toUTCString(),
        link: `<${successor}>; rel="successor-version"`,
      })
    },
    explainRegime: async (caller, input) => analytics.explain(deps, await seriesOf(caller, input)),
    getStateAt: async (caller, input) => analytics.getStateAt(deps, await seriesOf(caller, input)),
    getTopDown: async (caller, input) => agreement.getTopDown(deps, await seriesOf(caller, input)),
    listStories: async (caller, input) => analytics.listStories(deps, await seriesOf(caller, input)),
    getImpact: async (caller, input) => analytics.getImpact(deps, await seriesOf(caller, input)),
    getSizing: async (caller, input) => analytics.getSizing(deps, await seriesOf(caller, input)),
    getMarketCorrelation: async (caller, { query }) =>
      correlation.getMarketCorrelation(deps, query, await visibleTo(caller)),
    getSymbolCorrelation: async (caller, { params, query }) =>
      correlation.getSymbolCorrelation(deps, { ...params, ...query }, await visibleTo(caller)),
    getConsensus: async (caller, input) => agreement.getConsensus(deps, await seriesOf(caller, input)),
    getConsensusTimeframes: async (caller, input) =>
      agreement.getConsensusTimeframes(deps, await seriesOf(caller, input)),
    getPairLeadLag: async (caller, { query }) =>
      leadLag.getPairLeadLag(deps, await withPreset(deps, caller, query)),
    getLeadLag: async (caller, { query }) =>
      leadLag.getLeadLag(deps, await withPreset(deps, caller, query), await visibleTo(caller)),
  }
}
