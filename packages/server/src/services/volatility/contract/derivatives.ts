import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { ms, symbol } from './fields.ts'

const get = {
  method: 'GET',
  tag: 'volatility',
  access: publicRead,
  passesOverUnknownQuery: true,
  params: z.strictObject({ symbol }),
  example: { params: { symbol: 'btcusdt' } },
} as const
const refusals = ['symbol_not_found', 'not_offered', 'feed_unavailable'] as const

/** Volatilities are annualised fractions. */
export const ivGapReply = z.strictObject({
  symbol: z.string(),
  timeframe: z.literal('1m'),
  realized_vol: z.number(),
  implied_vol: z.number(),
  /** Implied minus realised volatility. */
  gap: z.number(),
  label: z.enum(['aligned', 'implied_rich', 'implied_cheap']),
  /** End of the last minute included in the realised volatility. */
  rv_ts_ms: ms,
  iv_ts_ms: ms,
  realized_vol_30d: z.number().nullable(),
  gap_30d: z.number().nullable(),
})

export const fundingReply = z.strictObject({
  symbol: z.string(),
  venue: z.literal('bybit'),
  product: z.string(),
  funding_rate: z.number(),
  interval_minutes: z.int(),
  /** A simple annual rate. */
  annualized: z.number(),
  next_funding_ms: ms,
  mark_price: z.number(),
  index_price: z.number(),
  as_of_ms: ms,
  history: z.array(z.strictObject({ ts_ms: ms, rate: z.number() })),
  /** Mean over the history; null for fewer than 21 rates. */
  mean_rate: z.number().nullable(),
})

export const getIvGap = defineEndpoint({
  ...get,
  path: '/v1/iv-gap/{symbol}',
  id: 'getIvGap',
  summary: 'Compare what options expect of Bitcoin or Ether with what happened',
  description:
    'Implied volatility is the newest closed minute of Deribit’s index, which looks 30 days ahead; realised is that of the ' +
    'last half hour, and beside it that of the last 30 days. All are fractions a year.',
  reply: {
    status: 200,
    schema: ivGapReply,
  },
  problems: [...refusals, 'series_warming_up'],
  tool: { name: 'get_iv_gap', scope: readScope, annotations: readsTool },
})

export const getFunding = defineEndpoint({
  ...get,
  path: '/v1/funding/{symbol}',
  id: 'getFunding',
  summary: 'Say what holders of a perpetual pay each other',
  description:
    'Of Bybit’s linear perpetual: the rate of the period that runs, and the last 21 that were settled. A rate is a fraction ' +
    'of the position for each period.',
  reply: {
    status: 200,
    schema: fundingReply,
  },
  problems: refusals,
  tool: { name: 'get_funding', scope: readScope, annotations: readsTool },
})
