import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { backtestRules } from '../domain/backtest.ts'
import { readsTool } from './access.ts'
import { symbolProblems } from './analytics.ts'
import { oneOf, symbol, timeframe } from './fields.ts'
import { between, bodyMoment, givenThresholds, method, presetName, thresholds } from './query-fields.ts'

/** Null is equivalent to absent. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

function defaulted<T extends z.ZodType>(schema: T, unset: z.output<T>) {
  return schema.nullish().transform((value) => value ?? unset)
}

const basisPoints = (most: number) =>
  z
    .number({ error: between(0, most) })
    .min(0, between(0, most))
    .max(most, between(0, most))

const settings = {
  timeframe: defaulted(timeframe, '1m'),
  rule: oneOf(backtestRules),
  preset: defaulted(presetName, 'balanced'),
  method: defaulted(method, 'published'),
  /** Replace those of the preset; the result is validated as a whole. */
  thresholds: optional(z.strictObject(givenThresholds)),
  from_ms: optional(bodyMoment),
  to_ms: optional(bodyMoment),
  /** Per fill, in basis points (hundredths of a percent). */
  fee_bps: defaulted(basisPoints(200), 10),
  slippage_bps: defaulted(basisPoints(200), 2),
  include_equity: defaulted(z.boolean({ error: 'must be true or false' }), false),
}
const backtestBody = z.strictObject({ symbol, ...settings })
const ofPathBody = z.strictObject(settings)
export type BacktestBody = z.output<typeof backtestBody>

const trade = z.strictObject({
  /** End and close of the bars whose state triggered entry and exit. */
  entry_ts_ms: z.int(),
  exit_ts_ms: z.int(),
  entry_close: z.number(),
  exit_close: z.number(),
  side: z.enum(['long', 'short']),
  /** A fraction, after costs. */
  return: z.number(),
  /** Prices of the fills, at the open of the next bar. */
  entry_price: z.number(),
  exit_price: z.number(),
})

const backtestReply = z.strictObject({
  symbol: z.string(),
  timeframe,
  rule: z.enum(backtestRules),
  preset: z.string(),
  method: z.string(),
  thresholds,
  replayed_bars: z.int(),
  stats: z.strictObject({
    n_trades: z.int(),
    win_rate: z.number().optional(),
    total_return: z.number(),
    max_drawdown: z.number(),
    sharpe_per_trade: z.number().optional(),
  }),
  /** The newest 5,000 trades, oldest first. */
  trades: z.array(trade),
  trades_total: z.int(),
  /** Share of bars with an open position at their close. */
  exposure: z.number(),
  buy_and_hold_return: z.number().nullable(),
  costs: z.strictObject({ fee_bps: z.number(), slippage_bps: z.number() }),
  from_ms: z.int(),
  to_ms: z.int(),
  closed_at_end: z.boolean(),
  /** Whether a short position lost everything, which ended the run. */
  ruined: z.boolean(),
  sample_note: z.string().nullable(),
  /** At most 500 points: end of the bar, and equity relative to the start. */
  equity: z.array(z.strictObject({ ts_ms: z.int(), equity: z.number() })).optional(),
})
export type BacktestReply = z.input<typeof backtestReply>

const backtest = {
  method: 'POST',
  tag: 'volatility',
  access: { kind: 'key', scope: 'backtest:run' },
  reply: { status: 200, schema: backtestReply },
  problems: [...symbolProblems, 'series_warming_up', 'range_too_large'],
} as const

const runBacktest = defineEndpoint({
  ...backtest,
  path: '/v1/backtest',
  id: 'runBacktest',
  summary: 'Backtest a trading rule with execution at the next open, including costs',
  body: backtestBody,
  example: { body: { symbol: 'btcusdt', timeframe: '15m', rule: 'avoid_high' } },
  tool: { name: 'run_backtest', annotations: readsTool },
})

const runSymbolBacktest = defineEndpoint({
  ...backtest,
  path: '/v1/regime/{symbol}/backtest',
  id: 'runSymbolBacktest',
  summary: 'Former path of POST /v1/backtest',
  params: z.strictObject({ symbol }),
  body: ofPathBody,
  example: { body: { timeframe: '15m', rule: 'avoid_high' } },
  deprecated: true,
})

export const backtestEndpoints = [runBacktest, runSymbolBacktest] as const
