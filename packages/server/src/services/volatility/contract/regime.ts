import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { nextCursor } from '../../../service/shapes.ts'
import { confidenceReasons } from '../domain/confidence.ts'
import { publicRead, readScope, readsTool } from './access.ts'
import { ms, regime, symbol, timeframe, venue } from './fields.ts'
import { common, queryMoment, queryNumber } from './query-fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })
const maybe = z.number().nullable()

const symbolProblems = [
  'symbol_not_found',
  'symbol_not_listed',
  'preset_not_found',
  'method_not_calibrated',
] as const

/** A regime change. `from_regime` and `to_regime` repeat `from` and `to` (wire W3). */
const transition = z
  .strictObject({
    ts_ms: ms,
    from: regime,
    to: regime,
    from_regime: regime,
    to_regime: regime,
    z_vol: z.number(),
    realized_vol: maybe,
    baseline_vol: maybe,
    close: z.number(),
    /** Null if no event was sent: for an own preset's changes before it was created. */
    seq: z.int().nullable(),
    preset_version: z.int(),
    reason: z.enum(['threshold', 'reset']),
    late: z.boolean(),
  })
  .meta({ id: 'RegimeTransition' })

/** The current state of a series. Volatilities are annualised fractions; unknown values are null. */
export const regimeReply = z
  .strictObject({
    symbol: z.string(),
    timeframe,
    regime: regime.nullable(),
    z_vol: maybe,
    realized_vol: maybe,
    baseline_vol: maybe,
    close: maybe,
    /** End of the newest closed bar. */
    last_update_ms: ms.nullable(),
    seconds_in_state: maybe,
    last_transition: transition.nullable(),
    warmup: z.boolean(),
    parkinson_vol: maybe,
    garman_klass_vol: maybe,
    rogers_satchell_vol: maybe,
    yang_zhang_vol: maybe,
    ewma_vol: maybe,
    /** When the newest bar was processed. */
    computed_at_ms: ms.nullable(),
    confidence: maybe,
    probabilities: z.strictObject({ low: z.number(), normal: z.number(), high: z.number() }).nullable(),
    confidence_sample: z.int().nullable(),
    confidence_table_ms: ms.nullable(),
    confidence_reason: z.enum(confidenceReasons).nullable(),
    status: z.enum(['ok', 'warming_up', 'stale']),
    stale: z.boolean(),
    bars_until_ready: z.int(),
    venue,
    feed: z.enum(['live', 'simulated']),
    preset: z.string(),
    preset_version: z.int(),
    method: z.string(),
    calibration: z.strictObject({
      fitted: z.boolean(),
      data_from_ms: ms.nullable(),
      data_to_ms: ms.nullable(),
    }),
  })
  .meta({ id: 'Regime' })

export const getRegime = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}',
  id: 'getRegime',
  summary: 'Read the volatility regime of a symbol (low, normal or high) and since when it lasts',
  params: bySymbol,
  query: z.object(common),
  example: { params: { symbol: 'btcusdt' } },
  reply: { status: 200, schema: regimeReply },
  problems: symbolProblems,
  tool: { name: 'get_regime', scope: readScope, annotations: readsTool },
})

const symbolsMax = 220

export const listRegimes = defineEndpoint({
  ...get,
  path: '/v1/regimes',
  id: 'listRegimes',
  summary: 'Read the volatility regimes of several symbols, or of all symbols',
  query: z.object({
    ...common,
    symbols: text(1, 6_000)
      .transform((names) => [...new Set(names.toLowerCase().split(','))])
      .refine(
        (names) => names.length <= symbolsMax,
        `must be at most ${symbolsMax} symbols, separated by commas`,
      )
      .optional(),
  }),
  reply: { status: 200, schema: z.strictObject({ regimes: z.array(regimeReply) }) },
  problems: symbolProblems,
  tool: { name: 'list_regimes', scope: readScope, annotations: readsTool },
})

export const getHistory = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/history',
  id: 'getRegimeHistory',
  summary: 'List the regime changes of a symbol, oldest first',
  description:
    'Without `from_ms`, the reply contains the newest changes, at most `limit`. With `from_ms`, it contains the first changes from that time on, and `next_cursor` if there are more.',
  params: bySymbol,
  query: z.object({
    ...common,
    limit: queryNumber(1, 10_000).default(5_000),
    from_ms: queryMoment.optional(),
    to_ms: queryMoment.optional(),
    cursor: text(1, 500).optional(),
  }),
  example: { params: { symbol: 'btcusdt' } },
  reply: {
    status: 200,
    schema: z.strictObject({
      symbol: z.string(),
      timeframe,
      source: z.literal('archive'),
      count: z.int(),
      transitions: z.array(transition),
      preset: z.string(),
      method: z.string(),
      venue,
      /** For an own preset: open time of the bar at which its replay starts. */
      anchor_ms: ms.nullable(),
      next_cursor: nextCursor,
    }),
  },
  problems: symbolProblems,
  tool: { name: 'get_regime_history', scope: readScope, annotations: readsTool },
})

const column = z.array(z.number().nullable())

export const getSeries = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/series',
  id: 'getRegimeSeries',
  summary: 'Read the bars of a series with the values published after each, as columns',
  description:
    'Without `from_ms`, the reply contains the newest bars, at most `limit`. With `from_ms`, it contains the first bars from that time on.',
  params: bySymbol,
  query: z.object({
    ...common,
    limit: queryNumber(1, 1_000).default(500),
    from_ms: queryMoment.optional(),
    to_ms: queryMoment.optional(),
  }),
  example: { params: { symbol: 'btcusdt' } },
  reply: {
    status: 200,
    schema: z.strictObject({
      symbol: z.string(),
      timeframe,
      preset: z.string(),
      method: z.string(),
      venue,
      count: z.int(),
      /** Ends of the bars, oldest first. */
      ts_ms: z.array(ms),
      close: z.array(z.number()),
      realized_vol: column,
      z_vol: column,
      regime: z.array(regime.nullable()),
      confidence: column,
    }),
  },
  problems: symbolProblems,
})
