import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { symbol, timeframe } from './fields.ts'
import { queryNumber, timeframeQuery } from './query-fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })
const tool = (name: string) => ({ name, scope: readScope, annotations: readsTool }) as const

const correlationQuery = { timeframe: timeframeQuery, window: queryNumber(20, 1_440).default(60) }
const excluded = z.array(
  z.strictObject({ symbol: z.string(), reason: z.enum(['stale', 'hole', 'flat', 'no_bars']) }),
)

const marketCorrelationReply = z.strictObject({
  timeframe,
  window_bars: z.int(),
  symbols: z.array(z.string()),
  mean_correlation: z.number(),
  /** Absent if there is only one pair. */
  stdev_correlation: z.number().optional(),
  regime: z.enum(['coupled', 'mixed', 'decoupled']),
  pairs: z.int(),
  as_of_ms: z.int(),
  excluded,
})
export type MarketCorrelationReply = z.input<typeof marketCorrelationReply>

const getMarketCorrelation = defineEndpoint({
  ...get,
  path: '/v1/correlation/market',
  id: 'getMarketCorrelation',
  summary: 'Read the average correlation of all symbols',
  query: z.object(correlationQuery),
  reply: { status: 200, schema: marketCorrelationReply },
  problems: ['series_warming_up'],
  tool: tool('get_market_correlation'),
})

const symbolCorrelationReply = z.strictObject({
  symbol: z.string(),
  timeframe,
  window_bars: z.int(),
  reference: z.string(),
  beta_to_reference: z.number(),
  correlation_with_peers: z.record(z.string(), z.number()),
  ci95: z.record(z.string(), z.tuple([z.number(), z.number()])),
  as_of_ms: z.int(),
  excluded,
})
export type SymbolCorrelationReply = z.input<typeof symbolCorrelationReply>

const getSymbolCorrelation = defineEndpoint({
  ...get,
  path: '/v1/correlation/{symbol}',
  id: 'getSymbolCorrelation',
  summary: 'Read the correlation of a symbol with the other symbols, and its beta to a reference symbol',
  params: bySymbol,
  query: z.object({ ...correlationQuery, reference: symbol.default('btcusdt') }),
  reply: { status: 200, schema: symbolCorrelationReply },
  problems: ['symbol_not_found', 'symbol_not_listed', 'series_warming_up'],
  tool: tool('get_symbol_correlation'),
})

export const correlationEndpoints = [getMarketCorrelation, getSymbolCorrelation] as const
