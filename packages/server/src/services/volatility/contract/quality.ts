import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { entrantNames, servedMethods } from '../domain/contest.ts'
import { publicRead, readScope, readsTool } from './access.ts'
import { symbolProblems } from './analytics.ts'
import { ms, symbol, timeframe, venue } from './fields.ts'
import { common, perRegime } from './query-fields.ts'

const tag = 'volatility'
const get = { method: 'GET', tag, access: publicRead, passesOverUnknownQuery: true } as const
const bySymbol = z.strictObject({ symbol })
const interval = z.tuple([z.number(), z.number()])

const scores = z.strictObject({
  /** Number of bars with a label and a driving value. */
  n: z.int(),
  macro_f1: z.number(),
  f1: perRegime(z.number()),
  /** Number of bars by label. */
  support: perRegime(z.int()),
})

const detection = z.strictObject({
  onsets: z.int(),
  already: z.int(),
  found: z.int(),
  missed: z.int(),
  /** Over the onsets that were found. */
  median_lag_bars: z.number().nullable(),
})

const entrant = z.strictObject({
  name: z.enum(entrantNames),
  /** Whether users can choose it; other entrants are baselines. */
  served: z.boolean(),
  /** Whether it kept within the alert budget in training; an entrant that did not is shown but cannot win. */
  within_budget: z.boolean(),
  ...scores.shape,
  /** 95 % interval of macro-F1; null for less than a day of bars. */
  interval: interval.nullable(),
  alerts_per_day: z.number(),
  detection,
  /** Macro-F1 minus that of the default, on the bars that both count; null for the default itself. */
  lead: z.strictObject({ by: z.number(), interval: interval.nullable() }).nullable(),
  moved_starts: z.array(
    z.strictObject({
      by_days: z.number(),
      macro_f1: z.number(),
      alerts_per_day: z.number(),
      lead_by: z.number().nullable(),
    }),
  ),
})

const contest = z.strictObject({
  labels: z.enum(['global', 'local']),
  alerts_per_day_most: z.number(),
  /** The best entrant, whether or not it is the default. */
  winner: z.enum(entrantNames),
  difference_shown: z.boolean(),
  sentence: z.string(),
  /** All entrants, best first. */
  entrants: z.array(entrant),
})

const measured = z.strictObject({
  measured_at_ms: ms,
  venue,
  bars: z.int(),
  data_from_ms: ms,
  data_to_ms: ms,
  train_days: z.number(),
  test_days: z.number(),
  /** The test parts, whose figures are pooled. */
  tests: z.array(z.strictObject({ from_ms: ms, to_ms: ms })),
  labels: z.strictObject({
    definition: z.string(),
    /** Quantiles of S over all bars, as annualised fractions. */
    q10: z.number(),
    q90: z.number(),
    global: perRegime(z.int()),
    local: perRegime(z.int()),
  }),
  /** The built-in presets on all bars, without fitting. */
  built_in: z.array(
    z.strictObject({
      preset: z.string(),
      global: scores,
      local: scores,
      alerts_per_day: z.number(),
      detection,
    }),
  ),
  /** Fitted on these same bars: not a measure of future quality. */
  in_sample: z.array(
    z.strictObject({
      method: z.enum(servedMethods),
      presets: z.record(
        z.string(),
        z.strictObject({ macro_f1: z.number(), alerts_per_day: z.number() }).nullable(),
      ),
      /** The Pareto front of both figures. */
      front: z.array(z.strictObject({ macro_f1: z.number(), alerts_per_day: z.number() })),
    }),
  ),
  /** Out of sample, by walk-forward evaluation. */
  contests: z.array(contest),
})

const reliability = z.strictObject({
  bars: z.int(),
  mean: z.number().nullable(),
  agreed: z.number().nullable(),
})

const live = z.strictObject({
  from_ms: ms,
  to_ms: ms,
  preset_version: z.int(),
  score: z
    .strictObject({
      ...scores.shape,
      interval: interval.nullable(),
      alerts_per_day: z.number(),
      detection,
    })
    .nullable(),
  /** Scores of the probabilities, compared with the base rate. */
  confidence: z
    .strictObject({
      n: z.int(),
      brier: z.number(),
      brier_of_base: z.number(),
      /** 1 − Brier / Brier of the base rate. */
      skill: z.number(),
      skill_interval: interval.nullable(),
      log_score: z.number(),
      log_score_of_base: z.number(),
      brier_of_shown: z.number(),
      brier_of_shown_base: z.number(),
      weighted_gap: z.number(),
      /** By tenths of confidence. */
      reliability: z.array(reliability),
    })
    .nullable(),
})

const coverage = z.strictObject({ n: z.int(), '50': z.number(), '80': z.number(), '95': z.number() })

export const qualityReply = z
  .strictObject({
    symbol: z.string(),
    timeframe,
    preset: z.string(),
    method: z.string(),
    venue,
    preset_version: z.int(),
    calibration: z
      .strictObject({ id: z.string(), fitted: z.boolean(), data_from_ms: ms, data_to_ms: ms })
      .nullable(),
    /** All methods and baselines with their scores; null before the symbol and timeframe were first calibrated. */
    measured: measured.nullable(),
    /** Quality of what was shown in the last 30 days; null until the labels are known. */
    live: live.nullable(),
    /** Coverage of the volatility ranges served in the last 30 days; null if there were too few. */
    coverage: coverage.nullable(),
    horizon: z.strictObject({ label_bars_ahead: z.int(), range_bars: z.int() }),
    /** What these figures do not show. */
    limits: z.array(z.string()),
    reason: z.enum(['not_measured']).nullable(),
  })
  .meta({ id: 'RegimeQuality' })
export type QualityReply = z.input<typeof qualityReply>

export const getQuality = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/quality',
  id: 'getRegimeQuality',
  summary: 'Read how well the regimes of all methods and baselines agree with forward-looking labels',
  description:
    'The labels use later data on purpose; the served regimes never do. Out-of-sample scores come from walk-forward tests, with 95% ' +
    'confidence intervals by a moving-block bootstrap. The figures are from the latest calibration and the last 30 days.',
  params: bySymbol,
  query: z.object(common),
  example: { params: { symbol: 'btcusdt' } },
  reply: { status: 200, schema: qualityReply },
  problems: symbolProblems,
  tool: { name: 'get_regime_quality', scope: readScope, annotations: readsTool },
})

const range = z.strictObject({ '50': interval, '80': interval, '95': interval })

export const rangeReply = z
  .strictObject({
    symbol: z.string(),
    timeframe: z.literal('1m'),
    venue,
    /** Realised volatility over this number of returns after the newest bar. */
    horizon_bars: z.int(),
    horizon_seconds: z.int(),
    as_of_ms: ms,
    /** Annualised fractions, like all volatilities here. */
    median: z.number(),
    interval: range,
    /** The number of past errors behind the range. */
    residuals: z.int(),
    realized_vol: z.number().nullable(),
    /** The share of ranges served in the last 30 days that contained the outcome; null for fewer than 1,440. */
    coverage: coverage.nullable(),
    calibration: z.strictObject({ id: z.string(), data_from_ms: ms, data_to_ms: ms }),
    stale: z.boolean(),
    /** Why there is no coverage yet. */
    reason: z.enum(['few_matured']).nullable(),
  })
  .meta({ id: 'VolatilityRange' })
export type RangeReply = z.input<typeof rangeReply>

export const getVolatilityRange = defineEndpoint({
  ...get,
  path: '/v1/regime/{symbol}/volatility-range',
  id: 'getVolatilityRange',
  summary:
    'Read a forecast range for the realised volatility of the next 30 one-minute returns, with its measured coverage',
  description:
    'The reply is a range without a direction: the forecast of `har-gk` with the quantiles of its own past errors, as known at the last ' +
    'midnight UTC. It requires an applied calibration of `har-gk`.',
  params: bySymbol,
  example: { params: { symbol: 'btcusdt' } },
  reply: { status: 200, schema: rangeReply },
  tool: { name: 'get_volatility_range', scope: readScope, annotations: readsTool },
  problems: ['symbol_not_found', 'symbol_not_listed', 'method_not_calibrated', 'series_warming_up'],
})
