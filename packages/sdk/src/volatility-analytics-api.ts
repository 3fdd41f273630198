import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Statistics over stored bars: transitions between regimes, agreement of venues, lead and lag, backtests. */
export function volatilityAnalyticsApi(send: Transport) {
  const of = (symbol: string): string => `/v1/regime/${encodeURIComponent(symbol)}`
  return {
    /** How often each regime was followed by each other one, from bar to bar. */
    getMatrix: (symbol: string, query: QueryOf<'getRegimeMatrix'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeMatrix'>>('GET', `${of(symbol)}/matrix`, { ...options, query }),
    /** How long each regime lasted, in bars. */
    getDurations: (symbol: string, query: QueryOf<'getRegimeDurations'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeDurations'>>('GET', `${of(symbol)}/durations`, { ...options, query }),
    /** Returns that followed each regime, compared with those that followed all bars. */
    getConditionalReturns: (
      symbol: string,
      query: QueryOf<'getConditionalReturns'> = {},
      options?: CallOptions,
    ) =>
      send<ReplyOf<'getConditionalReturns'>>('GET', `${of(symbol)}/conditional-returns`, {
        ...options,
        query,
      }),
    /** Why the current regime was assigned, and what would change it. */
    explain: (symbol: string, query: QueryOf<'explainRegime'> = {}, options?: CallOptions) =>
      send<ReplyOf<'explainRegime'>>('GET', `${of(symbol)}/explain`, { ...options, query }),
    /** The regime after the last bar that had ended by the given moment. */
    getStateAt: (symbol: string, query: QueryOf<'getStateAt'>, options?: CallOptions) =>
      send<ReplyOf<'getStateAt'>>('GET', `${of(symbol)}/state_at`, { ...options, query }),
    /** Whether the regimes of the timeframes agree, from the longest to the shortest. */
    getTopDown: (symbol: string, query: QueryOf<'getTopDown'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getTopDown'>>('GET', `${of(symbol)}/top-down`, { ...options, query }),
    /** The last regime changes, one sentence each, newest first. */
    listStories: (symbol: string, query: QueryOf<'listStories'> = {}, options?: CallOptions) =>
      send<ReplyOf<'listStories'>>('GET', `${of(symbol)}/stories`, { ...options, query }),
    /** Price moves after a regime change, compared with those after all bars. */
    getImpact: (symbol: string, query: QueryOf<'getImpact'>, options?: CallOptions) =>
      send<ReplyOf<'getImpact'>>('GET', `${of(symbol)}/impact`, { ...options, query }),
    /** The share of a portfolio that gives the target volatility at the volatility measured now. */
    getSizing: (symbol: string, query: QueryOf<'getSizing'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getSizing'>>('GET', `/v1/sizing/${encodeURIComponent(symbol)}`, { ...options, query }),
    /** The correlation of a symbol with the other symbols and with a reference. */
    getCorrelation: (symbol: string, query: QueryOf<'getSymbolCorrelation'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getSymbolCorrelation'>>('GET', `/v1/correlation/${encodeURIComponent(symbol)}`, {
        ...options,
        query,
      }),
    /** The correlation between all symbols. */
    getMarketCorrelation: (query: QueryOf<'getMarketCorrelation'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getMarketCorrelation'>>('GET', '/v1/correlation/market', { ...options, query }),
    /** The regime on which the venues agree, each judged on its own bars. */
    getConsensus: (symbol: string, query: QueryOf<'getConsensus'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getConsensus'>>('GET', `/v1/consensus/${encodeURIComponent(symbol)}`, {
        ...options,
        query,
      }),
    /** The same consensus, at the path below the symbol. */
    getRegimeConsensus: (symbol: string, query: QueryOf<'getRegimeConsensus'> = {}, options?: CallOptions) =>
      send<ReplyOf<'getRegimeConsensus'>>('GET', `${of(symbol)}/consensus`, { ...options, query }),
    /** The regime on which the venues agree, for all six timeframes. */
    getConsensusTimeframes: (
      symbol: string,
      query: QueryOf<'getConsensusTimeframes'> = {},
      options?: CallOptions,
    ) =>
      send<ReplyOf<'getConsensusTimeframes'>>('GET', `/v1/consensus/${encodeURIComponent(symbol)}/multi-tf`, {
        ...options,
        query,
      }),
    /** Which symbols change regime after a leading symbol, with lags in bars. */
    getLeadLag: (query: QueryOf<'getLeadLag'>, options?: CallOptions) =>
      send<ReplyOf<'getLeadLag'>>('GET', '/v1/lead-lag', { ...options, query }),
    /** Whether one symbol changes regime before another, with lags in minutes. */
    getPairLeadLag: (query: QueryOf<'getPairLeadLag'>, options?: CallOptions) =>
      send<ReplyOf<'getPairLeadLag'>>('GET', '/v1/regime/lead-lag', { ...options, query }),
    /** Simulates a trading rule on stored bars. Trades execute at the next open; costs are included. */
    runBacktest: (body: BodyOf<'runBacktest'>, options?: CallOptions) =>
      send<ReplyOf<'runBacktest'>>('POST', '/v1/backtest', { ...options, body }),
  }
}
