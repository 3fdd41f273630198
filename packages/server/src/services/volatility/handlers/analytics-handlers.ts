import { type HandlersOf, type Visitor, WithHeaders } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { analyticsEndpoints } from '../contract/analytics.ts'
import type { consensusEndpoints } from '../contract/consensus.ts'
import type { correlationEndpoints } from '../contract/correlation.ts'
import type { impactEndpoints } from '../contract/impact.ts'
import type { leadLagEndpoints } from '../contract/lead-lag.ts'
import type { ComputingDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { createAllowlists } from '../usecases/allowed-symbols.ts'
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

type Asking = KeyPrincipal | MemberPrincipal | Visitor

/** What computes on bars that were stored. */
export function analyticsHandlers(deps: ComputingDeps): HandlersOf<Computing> {
  const allowlists = createAllowlists(deps)
  /** What is computed over many symbols is computed over those that the caller may see. */
  const visibleTo = async (caller: Asking): Promise<ReadonlySet<string> | null> =>
    caller.kind === 'key' ? allowlists.find(caller) : null
  return {
    getRegimeMatrix: (_caller, { params, query }) => analytics.getMatrix(deps, { ...params, ...query }),
    getRegimeDurations: (_caller, { params, query }) => analytics.getDurations(deps, { ...params, ...query }),
    getConditionalReturns: (_caller, { params, query }) =>
      analytics.getConditionalReturns(deps, { ...params, ...query }),
    getRegimeForecast: async (_caller, { params, query }) => {
      const { deprecatedAtMs, sunsetMs } = volatilityPolicy.forecast
      const successor = `${deps.publicUrl()}/v1/regime/${params.symbol}/conditional-returns`
      if (deps.clock.now() >= sunsetMs)
        throw problems.endpoint_retired({ detail: `This call is gone; ${successor} answers it` })
      const reply = await analytics.getConditionalReturns(deps, { ...params, ...query })
      return new WithHeaders(reply, {
        deprecation: `@${deprecatedAtMs / 1_000}`,
        sunset: new Date(sunsetMs).toUTCString(),
        link: `<${successor}>; rel="successor-version"`,
      })
    },
    explainRegime: (_caller, { params, query }) => analytics.explain(deps, { ...params, ...query }),
    getStateAt: (_caller, { params, query }) => analytics.getStateAt(deps, { ...params, ...query }),
    getTopDown: (_caller, { params, query }) => agreement.getTopDown(deps, { ...params, ...query }),
    listStories: (_caller, { params, query }) => analytics.listStories(deps, { ...params, ...query }),
    getImpact: (_caller, { params, query }) => analytics.getImpact(deps, { ...params, ...query }),
    getSizing: (_caller, { params, query }) => analytics.getSizing(deps, { ...params, ...query }),
    getMarketCorrelation: async (caller, { query }) =>
      correlation.getMarketCorrelation(deps, query, await visibleTo(caller)),
    getSymbolCorrelation: async (caller, { params, query }) =>
      correlation.getSymbolCorrelation(deps, { ...params, ...query }, await visibleTo(caller)),
    getConsensus: (_caller, { params, query }) => agreement.getConsensus(deps, { ...params, ...query }),
    getConsensusTimeframes: (_caller, { params, query }) =>
      agreement.getConsensusTimeframes(deps, { ...params, ...query }),
    getPairLeadLag: (_caller, { query }) => leadLag.getPairLeadLag(deps, query),
    getLeadLag: async (caller, { query }) => leadLag.getLeadLag(deps, query, await visibleTo(caller)),
  }
}
