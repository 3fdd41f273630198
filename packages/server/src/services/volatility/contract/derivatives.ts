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
  summary: 'Compare the implied and the realised volatility of Bitcoin or Ether',
  description:
    'The implied volatility is the latest closed minute of the volatility index of Deribit, with a horizon of 30 days. The realised ' +
    'volatility is given for the last half hour and for the last 30 days. All values are annualised fractions.',
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
  summary: 'Read the funding rate of a perpetual contract',
  description:
    'For the linear perpetual contract of Bybit: the rate of the current funding period and of the last 21 settled periods. A rate is a ' +
    'fraction of the position value per period.',
  reply: {
    status: 200,
    schema: fundingReply,
  },
  problems: refusals,
  tool: { name: 'get_funding', scope: readScope, annotations: readsTool },
})
