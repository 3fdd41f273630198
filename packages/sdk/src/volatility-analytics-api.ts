import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What is computed on stored bars: what followed states, who agrees, who leads, what a rule would have done. */
export function volatilityAnalyticsApi(send: Transport) {
  const of = (symbol: string): string => `/v1/regime/${encodeURIComponent(symbol)}`
  return {
    /** How often one state was followed by another, from bar to bar. */
    getMatrix: (symbol: string, query: QueryOf<'getRegimeMatrix'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeMatrix'>>('GET', `${of(symbol)}/matrix`, { ...options, query }),
    /** How long each state lasted, in bars. */
    getDurations: (symbol: string, query: QueryOf<'getRegimeDurations'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeDurations'>>('GET', `${of(symbol)}/durations`, { ...options, query }),
    /** What returns followed each state, beside what followed all bars. */
    getConditionalReturns: (
      symbol: string,
      query: QueryOf<'getConditionalReturns'> = {},
      options?: CallOptions,
    ) =>
      send<ReplyOf<'getConditionalReturns'>>('GET', `${of(symbol)}/conditional-returns`, {
        ...options,
        query,
      }),
    /** Why the state is what it is, and what it takes for it to change. */
    explain: (symbol: string, query: QueryOf<'explainRegime'> = {}, options?: CallOptions) =>
      send<ReplyOf<'explainRegime'>>('GET', `${of(symbol)}/explain`, { ...options, query }),
    /** The state after the last bar that had ended by a moment. */
    getStateAt: (symbol: string, query: QueryOf<'getStateAt'>, options?: CallOptions) =>
      send<ReplyOf<'getStateAt'>>('GET', `${of(symbol)}/state_at`, { ...options, query }),
    /** Whether the timeframes agree, from a longer one down to a shorter one. */
    getTopDown: (symbol: string, query: QueryOf<'getTopDown'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getTopDown'>>('GET', `${of(symbol)}/top-down`, { ...options, query }),
    /** The last changes of state, a sentence each, newest first. */
    listStories: (symbol: string, query: QueryOf<'listStories'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listStories'>>('GET', `${of(symbol)}/stories`, { ...options, query }),
    /** What prices did after a change of state, beside what they did after all bars. */
    getImpact: (symbol: string, query: QueryOf<'getImpact'>, options?: CallOptions) =>
      send<ReplyOf<'getImpact'>>('GET', `${of(symbol)}/impact`, { ...options, query }),
    /** Which share of a portfolio has the wanted volatility at the one measured now. */
    getSizing: (symbol: string, query: QueryOf<'getSizing'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getSizing'>>('GET', `/v1/sizing/${encodeURIComponent(symbol)}`, { ...options, query }),
    /** How much a symbol moves with the others, and with a reference. */
    getCorrelation: (symbol: string, query: QueryOf<'getSymbolCorrelation'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getSymbolCorrelation'>>('GET', `/v1/correlation/${encodeURIComponent(symbol)}`, {
        ...options,
        query,
      }),
    /** How much all symbols move together. */
    getMarketCorrelation: (query: QueryOf<'getMarketCorrelation'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getMarketCorrelation'>>('GET', '/v1/correlation/market', { ...options, query }),
    /** What the venues agree on, each by its own bars. */
    getConsensus: (symbol: string, query: QueryOf<'getConsensus'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getConsensus'>>('GET', `/v1/consensus/${encodeURIComponent(symbol)}`, {
        ...options,
        query,
      }),
    /** The same below the symbol's own path. */
    getRegimeConsensus: (symbol: string, query: QueryOf<'getRegimeConsensus'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeConsensus'>>('GET', `${of(symbol)}/consensus`, { ...options, query }),
    /** What the venues agree on, on all six timeframes. */
    getConsensusTimeframes: (
      symbol: string,
      query: QueryOf<'getConsensusTimeframes'> = {},
      options?: CallOptions,
    ) =>
      send<ReplyOf<'getConsensusTimeframes'>>('GET', `/v1/consensus/${encodeURIComponent(symbol)}/multi-tf`, {
        ...options,
        query,
      }),
    /** Which symbols change state after a leader, with lags in bars. */
    getLeadLag: (query: QueryOf<'getLeadLag'>, options?: CallOptions) =>
      send<ReplyOf<'getLeadLag'>>('GET', '/v1/lead-lag', { ...options, query }),
    /** Whether one symbol changes state before another, with lags in minutes. */
    getPairLeadLag: (query: QueryOf<'getPairLeadLag'>, options?: CallOptions) =>
      send<ReplyOf<'getPairLeadLag'>>('GET', '/v1/regime/lead-lag', { ...options, query }),
    /** What a rule would have done, with its trades at the next open and costs included. */
    runBacktest: (body: BodyOf<'runBacktest'>, options?: CallOptions) =>
      send<ReplyOf<'runBacktest'>>('POST', '/v1/backtest', { ...options, body }),
  }
}
