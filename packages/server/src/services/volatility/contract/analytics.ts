import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { publicRead, readScope, readsTool } from './access.ts'
import { oneOf, regime, symbol, timeframe } from './fields.ts'
import { common, perRegime, queryMoment, queryNumber, thresholds } from './query-fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })
const regimeOrAny = ['low', 'normal', 'high', 'any'] as const
const tool = (name: string) => ({ name, scope: readScope, annotations: readsTool }) as const
const statistics = (what: string) =>
  ({
    ...tool('get_regime_statistics'),
    what,
    description:
      'Read statistics of the states of a symbol: transitions, durations and the returns that followed',
  }) as const

/** The problems of every path with a symbol. */
export const symbolProblems = [
  'symbol_not_found',
  'symbol_not_listed',
  'preset_not_found',
  'method_not_calibrated',
] as const

/** The additional problem of computations over long windows. */
export const windowProblems = [...symbolProblems, 'range_too_large'] as const

const moment = z.int().nullable()

/** The series that a reply is about, and how fresh it is. */
export const about = {
  symbol: z.string(),
  timeframe,
  preset: z.string(),
  method: z.string(),
  venue: z.string(),
}
export const freshness = {
  /** End of the newest bar, from which windows count back. */
  as_of_ms: moment,
  stale: z.boolean(),
  /** Why there are no figures yet. */
  reason: z.enum(['warming_up']).nullable(),
}

const spreadMembers = {
  n: z.int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  /** Quartiles need 20 values, 5 and 95 % need 100, the deviation needs 2. */
  p25: z.number().optional(),
  p75: z.number().optional(),
  p05: z.number().optional(),
  p95: z.number().optional(),
  stdev: z.number().optional(),
}
const spread = z.strictObject(spreadMembers).meta({ id: 'Spread' })
const durationSpread = z.strictObject({ ...spreadMembers, max: z.number().nullable() })
export type SpreadReply = z.input<typeof spread>

const lookbackQuery = z.object({ ...common, lookback_days: queryNumber(1, 400).default(30) })

const matrixReply = z.strictObject({
  ...about,
  lookback_days: z.int(),
  states: z.array(regime),
  /** Shares of each row; null if the row is empty. */
  matrix: perRegime(perRegime(z.number().nullable())),
  counts: perRegime(perRegime(z.int())),
  /** Number of pairs of adjacent bars. */
  bars: z.int(),
  from_ms: moment,
  ...freshness,
})
export type MatrixReply = z.input<typeof matrixReply>

const getMatrix = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/matrix',
  id: 'getRegimeMatrix',
  summary:
    'Read the transition matrix: how often each state was followed by each other state from bar to bar',
  params: bySymbol,
  query: lookbackQuery,
  reply: { status: 200, schema: matrixReply },
  problems: windowProblems,
  tool: statistics('matrix'),
})

const durationsReply = z.strictObject({
  ...about,
  lookback_days: z.int(),
  /** Lengths of complete runs, in bars. */
  durations: perRegime(durationSpread),
  seconds_per_bar: z.int(),
  /** Number of runs cut by the window, which are not included. */
  censored: z.int(),
  current: z.strictObject({ regime, bars: z.int(), since_ms: z.int() }).nullable(),
  ...freshness,
})
export type DurationsReply = z.input<typeof durationsReply>

const getDurations = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/durations',
  id: 'getRegimeDurations',
  summary: 'Read how long each state lasted',
  params: bySymbol,
  query: lookbackQuery,
  reply: { status: 200, schema: durationsReply },
  problems: windowProblems,
  tool: statistics('durations'),
})

const conditionalReply = z.strictObject({
  ...about,
  horizon_bars: z.int(),
  lookback_days: z.int(),
  /** Log returns over the horizon, by the state after the bar at which they start. */
  by_regime: perRegime(spread),
  baseline: spread,
  /** Whether returns share bars, so that fewer than n are independent. */
  overlapping: z.boolean(),
  ...freshness,
})
export type ConditionalReply = z.input<typeof conditionalReply>

const conditional = {
  ...get,
  params: bySymbol,
  query: z.object({
    ...common,
    horizon_bars: queryNumber(1, 1_440).default(1),
    lookback_days: queryNumber(1, 400).default(30),
  }),
  reply: { status: 200, schema: conditionalReply },
} as const

const getConditionalReturns = defineEndpoint({
  ...conditional,
  path: '/v1/regime/{symbol}/conditional-returns',
  id: 'getConditionalReturns',
  summary: 'Read the distribution of returns after each state, compared with the returns after all bars',
  problems: windowProblems,
  tool: statistics('returns'),
})

const getForecast = defineEndpoint({
  ...conditional,
  path: '/v1/regime/{symbol}/forecast',
  id: 'getRegimeForecast',
  summary: 'Former path of conditional-returns; the same reply until 30 January 2027, then status 410',
  problems: [...windowProblems, 'endpoint_retired'],
  deprecated: true,
})

const exit = z.strictObject({
  to: regime,
  when: z.enum(['>=', '<=']),
  level: z.number(),
  /** Level minus z. */
  distance: z.number().nullable(),
  bars_needed: z.int(),
  bars_counted: z.int(),
})

const explainReply = z.strictObject({
  ...about,
  preset_version: z.int(),
  regime: regime.nullable(),
  z_vol: z.number().nullable(),
  realized_vol: z.number().nullable(),
  baseline_vol: z.number().nullable(),
  sigma: z.number().nullable(),
  since_ms: moment,
  seconds_in_state: z.int().nullable(),
  thresholds,
  next: z.array(exit),
  text: z.string(),
  ...freshness,
})
export type ExplainReply = z.input<typeof explainReply>

const explain = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/explain',
  id: 'explainRegime',
  summary: 'Explain the current state of a symbol and the conditions for a change',
  params: bySymbol,
  query: z.object(common),
  reply: { status: 200, schema: explainReply },
  problems: symbolProblems,
  tool: tool('explain_regime'),
})

const stateAtReply = z.strictObject({
  ...about,
  ts_ms: z.int(),
  regime: regime.nullable(),
  since_ms: moment,
  bar_end_ms: moment,
  reason: z.enum(['before_history', 'warming_up']).nullable(),
})
export type StateAtReply = z.input<typeof stateAtReply>

const getStateAt = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/state_at',
  id: 'getStateAt',
  summary: 'Read the state of a symbol at a past time, after the last bar that had closed by then',
  params: bySymbol,
  query: z.object({ ...common, ts_ms: queryMoment }),
  reply: { status: 200, schema: stateAtReply },
  problems: symbolProblems,
  example: { query: { ts_ms: '1733041680000' } },
  tool: tool('get_state_at'),
})

const { timeframe: _, ...withoutTimeframe } = common

const reading = z.strictObject({
  regime: regime.nullable(),
  z_vol: z.number().nullable(),
  last_update_ms: moment,
  status: z.enum(['ok', 'warming_up', 'stale']),
})

const topDownReply = z.strictObject({
  symbol: z.string(),
  preset: z.string(),
  method: z.string(),
  venue: z.string(),
  match: z.enum(regimeOrAny),
  from_tf: timeframe,
  to_tf: timeframe,
  /** The state on which all available timeframes agree, if there are at least two. */
  consensus: regime.nullable(),
  /** The share of available timeframes that are aligned. */
  alignment_score: z.number().nullable(),
  aligned_tfs: z.array(timeframe),
  target: regime.nullable(),
  matched: z.boolean(),
  available: z.int(),
  readings: z.partialRecord(timeframe, reading),
})
export type TopDownReply = z.input<typeof topDownReply>

const getTopDown = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/top-down',
  id: 'getTopDown',
  summary: 'Read whether the states of the timeframes from `from_tf` down to `to_tf` agree',
  params: bySymbol,
  query: z.object({
    ...withoutTimeframe,
    match: oneOf(regimeOrAny).default('high'),
    from_tf: timeframe.default('1d'),
    to_tf: timeframe.default('15m'),
  }),
  reply: { status: 200, schema: topDownReply },
  problems: symbolProblems,
  tool: tool('get_top_down'),
})

const storyEvent = z.strictObject({
  type: z.literal('regime.transition'),
  symbol: z.string(),
  timeframe,
  ts_ms: z.int(),
  from: regime,
  to: regime,
  from_regime: regime,
  to_regime: regime,
  z_vol: z.number(),
  close: z.number(),
  realized_vol: z.number().nullable(),
  baseline_vol: z.number().nullable(),
  preset: z.string(),
  method: z.string(),
  venue: z.string(),
  reason: z.enum(['threshold', 'reset']),
})

const storiesReply = z.strictObject({
  ...about,
  days: z.int(),
  count: z.int(),
  stories: z.array(z.string()),
  /** One sentence per event. */
  events: z.array(storyEvent),
  ...freshness,
})
export type StoriesReply = z.input<typeof storiesReply>

const listStories = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/stories',
  id: 'listStories',
  summary: 'List the latest changes of state as one sentence each, newest first',
  params: bySymbol,
  query: z.object({
    ...withoutTimeframe,
    timeframe: timeframe.default('15m'),
    days: queryNumber(1, 90).default(7),
    limit: queryNumber(1, 500).default(50),
  }),
  reply: { status: 200, schema: storiesReply },
  problems: symbolProblems,
  tool: tool('list_stories'),
})

export const analyticsEndpoints = [
  getMatrix,
  getDurations,
  getConditionalReturns,
  getForecast,
  explain,
  getStateAt,
  getTopDown,
  listStories,
] as const
