import type { BodyOf, QueryOf, ReplyOf } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'
import { streamEvents, type StreamOptions, type StreamWays } from './volatility-stream.ts'
import { customPresetsApi, ownEventsApi } from './volatility-own-api.ts'
import { volatilityMemberApi } from './volatility-member-api.ts'
import { volatilityAnalyticsApi } from './volatility-analytics-api.ts'

export type VolatilityApi = ReturnType<typeof volatilityApi>

/**
 * Volatility regimes of markets, for example `client.volatility.listSymbols()`. Works without an API key at a lower
 * rate limit.
 */
export function volatilityApi(transport: Transport, ways: StreamWays) {
  const regime = (symbol: string, ...rest: readonly string[]): string =>
    ['/v1/regime', encodeURIComponent(symbol), ...rest].join('/')
  const webhook = (id: number | string, ...rest: readonly string[]): string =>
    ['/v1/webhooks', encodeURIComponent(id), ...rest].join('/')
  const preset = (...names: readonly string[]): string =>
    ['/v1/presets', ...names.map(encodeURIComponent)].join('/')
  return {
    ...volatilityAnalyticsApi(transport),
    /** The current volatility regime of a symbol (low, normal or high) and since when it holds. */
    getRegime: (symbol: string, query: QueryOf<'getRegime'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'getRegime'>>('GET', regime(symbol), { ...options, query }),
    listRegimes: (query: QueryOf<'listRegimes'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'listRegimes'>>('GET', '/v1/regimes', { ...options, query }),
    /** The current regime of every symbol on every timeframe. */
    getBoard: (query: QueryOf<'getRegimeBoard'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'getRegimeBoard'>>('GET', '/v1/board', { ...options, query }),
    /** Regime changes, oldest first. */
    getHistory: (symbol: string, query: QueryOf<'getRegimeHistory'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'getRegimeHistory'>>('GET', regime(symbol, 'history'), { ...options, query }),
    /** Volatility implied by options on `btcusdt` or `ethusdt`, compared with the realized volatility. */
    getIvGap: (symbol: string, options?: CallOptions) =>
      transport<ReplyOf<'getIvGap'>>('GET', `/v1/iv-gap/${encodeURIComponent(symbol)}`, options),
    /** Funding rates of the perpetual contract. */
    getFunding: (symbol: string, options?: CallOptions) =>
      transport<ReplyOf<'getFunding'>>('GET', `/v1/funding/${encodeURIComponent(symbol)}`, options),
    /** Bars with the regime data that was known after each, as columns, oldest first. */
    getSeries: (symbol: string, query: QueryOf<'getRegimeSeries'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'getRegimeSeries'>>('GET', regime(symbol, 'series'), { ...options, query }),
    /** How well regimes agree with labels that use later data, for all methods and baselines. */
    getQuality: (symbol: string, query: QueryOf<'getRegimeQuality'> = {}, options?: CallOptions) =>
      transport<ReplyOf<'getRegimeQuality'>>('GET', regime(symbol, 'quality'), { ...options, query }),
    /**
     * A predicted range for the volatility of the next 30 minutes, with its measured coverage. It predicts no
     * direction.
     */
    getVolatilityRange: (symbol: string, options?: CallOptions) =>
      transport<ReplyOf<'getVolatilityRange'>>('GET', regime(symbol, 'volatility-range'), options),
    /** Yields regime changes as they happen: `for await (const event of client.volatility.stream())`. */
    stream: (options?: StreamOptions) => streamEvents(ways, options),
    listSymbols: (options?: CallOptions) => transport<ReplyOf<'listSymbols'>>('GET', '/v1/symbols', options),
    listTimeframes: (options?: CallOptions) =>
      transport<ReplyOf<'listTimeframes'>>('GET', '/v1/timeframes', options),
    /** The state of each data feed, and since when it holds. */
    getStatus: (options?: CallOptions) => transport<ReplyOf<'getFeedStatus'>>('GET', '/v1/status', options),
    /** Every stored bar with its regime data, as a file. Rejects if the transfer is cut off. */
    exportHistory: (
      symbol: string,
      query: {
        readonly timeframe?: string
        readonly preset?: string
        readonly format?: 'csv' | 'ndjson' | 'parquet'
        readonly from_ms?: number
        readonly to_ms?: number
        readonly columns?: string
      } = {},
      options?: CallOptions,
    ) =>
      transport<Blob>('GET', `/v1/regime/${encodeURIComponent(symbol)}/export`, {
        query,
        as: 'blob',
        ...options,
      }),
    /** Records whether a regime change was useful. */
    submitFeedback: (feedback: BodyOf<'submitRegimeFeedback'>, options?: CallOptions) =>
      transport<ReplyOf<'submitRegimeFeedback'>>('POST', '/v1/feedback', { ...options, body: feedback }),
    getPublicStats: (options?: CallOptions) =>
      transport<ReplyOf<'getPublicStats'>>('GET', '/v1/public-stats', options),
    /** Outages of the instance, newest first. */
    getPublicIncidents: (options?: CallOptions) =>
      transport<ReplyOf<'getPublicIncidents'>>('GET', '/v1/public-incidents', options),
    me: {
      ...ownEventsApi(transport, '/v1'),
      getAllowlist: (options?: CallOptions) =>
        transport<ReplyOf<'getSymbolAllowlist'>>('GET', '/v1/me/allowlist', options),
      setAllowlist: (symbols: readonly string[], options?: CallOptions) =>
        transport<ReplyOf<'setSymbolAllowlist'>>('PUT', '/v1/me/allowlist', {
          ...options,
          body: { symbols },
        }),
      get: (options?: CallOptions) => transport<ReplyOf<'getOwnAccount'>>('GET', '/v1/me', options),
      /** Usage of the API. Default: the last 24 hours. */
      usage: (over: { readonly hours?: number } | { readonly days?: number } = {}, options?: CallOptions) =>
        transport<ReplyOf<'getMyUsage'>>('GET', '/v1/me/usage', { query: over, ...options }),
      /** Needs a key with the scope `billing:read`. */
      billing: (options?: CallOptions) =>
        transport<ReplyOf<'getMyBilling'>>('GET', '/v1/me/billing', options),
      startCheckout: (plan: 'pro' | 'desk', options?: CallOptions) =>
        transport<ReplyOf<'startCheckout'>>('POST', '/v1/me/billing/checkout', {
          body: { plan },
          ...options,
        }),
      /** Returns the URL of the page for changing the payment details or cancelling the plan. */
      openBillingPortal: (options?: CallOptions) =>
        transport<ReplyOf<'openBillingPortal'>>('POST', '/v1/me/billing/portal', options),
      /**
       * Replaces the API key of this client. The new key is returned only in this reply; the old one is refused from
       * then on.
       */
      rotateKey: (options?: CallOptions) =>
        transport<ReplyOf<'rotateVolatilityKey'>>('POST', '/v1/me/rotate-key', { body: {}, ...options }),
    },
    webhooks: {
      /** The signing secret is returned only in this reply. */
      create: (wanted: BodyOf<'createRegimeWebhook'>, options?: CallOptions) =>
        transport<ReplyOf<'createRegimeWebhook'>>('POST', '/v1/webhooks', { ...options, body: wanted }),
      list: (options?: CallOptions) =>
        transport<ReplyOf<'listRegimeWebhooks'>>('GET', '/v1/webhooks', options),
      get: (id: number | string, options?: CallOptions) =>
        transport<ReplyOf<'getRegimeWebhook'>>('GET', webhook(id), options),
      update: (id: number | string, change: BodyOf<'updateRegimeWebhook'>, options?: CallOptions) =>
        transport<ReplyOf<'updateRegimeWebhook'>>('PATCH', webhook(id), { ...options, body: change }),
      delete: (id: number | string, options?: CallOptions) => transport<void>('DELETE', webhook(id), options),
      test: (id: number | string, options?: CallOptions) =>
        transport<ReplyOf<'testRegimeWebhook'>>('POST', webhook(id, 'test'), options),
      enable: (id: number | string, options?: CallOptions) =>
        transport<ReplyOf<'enableRegimeWebhook'>>('POST', webhook(id, 'enable'), options),
      replay: (id: number | string, span: BodyOf<'replayRegimeWebhook'>, options?: CallOptions) =>
        transport<ReplyOf<'replayRegimeWebhook'>>('POST', webhook(id, 'replay'), { ...options, body: span }),
      deliveries: (id: number | string, query: QueryOf<'listRegimeDeliveries'> = {}, options?: CallOptions) =>
        transport<ReplyOf<'listRegimeDeliveries'>>('GET', webhook(id, 'deliveries'), { ...options, query }),
      replayDelivery: (id: number | string, deliveryId: string, options?: CallOptions) =>
        transport<ReplyOf<'replayRegimeDelivery'>>(
          'POST',
          webhook(id, 'deliveries', encodeURIComponent(deliveryId), 'replay'),
          options,
        ),
    },
    /** For signed-in members; needs an `accessToken`. */
    members: volatilityMemberApi(transport),
    presets: {
      list: (options?: CallOptions) => transport<ReplyOf<'listPresets'>>('GET', '/v1/presets', options),
      get: (name: string, options?: CallOptions) =>
        transport<ReplyOf<'getPreset'>>('GET', preset(name), options),
      /** The name must be unused in the organisation, and all six thresholds are required. */
      create: (wanted: BodyOf<'createPreset'>, options?: CallOptions) =>
        transport<ReplyOf<'createPreset'>>('POST', '/v1/presets', { ...options, body: wanted }),
      /** Creates a new version of the preset; existing versions never change. */
      replace: (name: string, wanted: BodyOf<'replacePreset'>, options?: CallOptions) =>
        transport<ReplyOf<'replacePreset'>>('PUT', preset(name), { ...options, body: wanted }),
      delete: (name: string, options?: CallOptions) => transport<void>('DELETE', preset(name), options),
      ...customPresetsApi(transport, '/v1'),
    },
  }
}
