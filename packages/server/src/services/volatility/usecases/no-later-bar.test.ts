import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BacktestRule, backtestRules } from '../domain/backtest.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import { classify, dayMs, regimeAfter, type TradedHistory } from '../domain/classified-series.ts'
import { GrowingFills } from '../domain/growing-history.ts'
import { mulberry32 } from '../domain/mulberry32.ts'
import { describeBacktest } from './describe-backtest.ts'
import { describeDurations, describeMatrix, describeReturns } from './describe-runs.ts'
import { describeImpact, describeStateAt, describeStories } from './describe-state.ts'

const startMs = Date.UTC(2026, 0, 1)
const told = {
  symbol: 'btcusdt',
  timeframe: '1m',
  preset: 'aggressive',
  method: 'published',
  venue: 'binance',
} as const
const thresholds = builtInPresets.aggressive

type Minute = { readonly openMs: number; readonly open: number; readonly close: number }

/** Prices whose volatility comes in bursts, with a missing minute here and there. */
function minutesOf(seed: number, count: number): readonly Minute[] {
  const draw = mulberry32(seed)
  const minutes: Minute[] = []
  let price = 100
  let scale = 1
  for (let minute = 0; minute < count; minute += 1) {
    if (draw() < 0.02) scale = draw() < 0.5 ? 0.2 : 4
    const open = price
    price *= Math.exp((draw() - 0.5) * 0.002 * scale)
    if (draw() > 0.003) minutes.push({ openMs: startMs + minute * 60_000, open, close: price })
  }
  return minutes
}

function pushAll(history: GrowingFills, minutes: readonly Minute[]): void {
  const bars = {
    openMs: Float64Array.from(minutes, ({ openMs }) => openMs),
    opens: Float64Array.from(minutes, ({ open }) => open),
    closes: Float64Array.from(minutes, ({ close }) => close),
  }
  for (let bar = 0; bar < minutes.length; bar += 1) history.push(bars, bar)
}

/** All that is computed on a series as it stands. */
function everything(history: TradedHistory, rule: BacktestRule) {
  const series = classify(history, thresholds)
  const settings = { rule, fromMs: undefined, toMs: undefined, feeBps: 10, slippageBps: 2 }
  return {
    matrix: describeMatrix(series, 1),
    durations: describeDurations(series, 1),
    returns: describeReturns(series, 1, 5),
    stories: describeStories(series, told, { days: 1, limit: 50 }),
    impact: describeImpact(series, told, { to: 'high', lookbackDays: 1 }, history),
    backtest: describeBacktest(series, { ...settings, isEquityWanted: true }),
  }
}

describe('no-value-uses-a-later-bar', () => {
  it('whatever the later bars are, nothing at or before a bar moves, in any computation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 600, max: 1_300 }),
        fc.constantFrom(...backtestRules),
        fc.double({ min: -0.9, max: 9, noNaN: true }),
        (seed, cut, rule, factor) => {
          const minutes = minutesOf(seed, 1_400)
          const earlier = minutes.slice(0, cut)
          const atMs = (earlier.at(-1)?.openMs ?? 0) + 60_000
          const history = new GrowingFills('1m')
          pushAll(history, earlier)
          const then = history.view()
          const before = everything(then, rule)
          // Later bars, as they were and as they could as well have been, come to the series that was looked at.
          const other = new GrowingFills('1m')
          pushAll(other, minutes)
          pushAll(
            history,
            minutes.slice(cut).map(({ openMs, open, close }) => ({
              openMs,
              open: open * (1 + factor),
              close: close * (1 + factor) + 1,
            })),
          )
          expect(everything(then, rule)).toEqual(before)
          const [one, two] = [classify(history.view(), thresholds), classify(other.view(), thresholds)]
          for (const name of ['z', 'rv', 'baseline'] as const)
            expect(one[name].subarray(0, cut)).toEqual(two[name].subarray(0, cut))
          expect(one.regimes.subarray(0, cut)).toEqual(two.regimes.subarray(0, cut))
          const upTo = (series: typeof one) => series.transitions.filter(({ bar }) => bar < cut)
          expect(upTo(one)).toEqual(upTo(two))
          for (const moment of [atMs, atMs - 3_600_000, startMs])
            expect(describeStateAt(one, told, moment)).toEqual(describeStateAt(two, told, moment))
          expect(describeStateAt(one, told, atMs).regime).toBe(
            regimeAfter(classify(then, thresholds), cut - 1),
          )
          const range = { rule, fromMs: undefined, toMs: atMs + 1, feeBps: 10, slippageBps: 2 }
          const tested = (series: typeof one) => describeBacktest(series, { ...range, isEquityWanted: true })
          expect(tested(one)).toEqual(tested(two))
          expect(tested(one)).toEqual(before.backtest)
          const early = (series: typeof one) =>
            describeStories(series, told, { days: 90, limit: 500 }).events.filter(
              ({ ts_ms: ts }) => ts <= atMs && ts > atMs - dayMs,
            )
          expect(early(one)).toEqual(early(two))
        },
      ),
      { numRuns: 25 },
    )
  })
})
