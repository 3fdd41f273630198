import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tasks } from '../compute/tasks.ts'
import { type BacktestRule, backtestRules } from '../domain/backtest.ts'
import { BarStates } from '../domain/bar-states.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import { classify, dayMs, regimeAfter, type TradedHistory } from '../domain/classified-series.ts'
import { commonReturns } from '../domain/common-returns.ts'
import { GrowingWhole } from '../domain/growing-history.ts'
import { measureLive } from '../domain/live-quality.ts'
import type { MethodDrive } from '../domain/method-drive.ts'
import { mulberry32 } from '../domain/mulberry32.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { SeriesTracker } from '../domain/series-tracker.ts'
import { makeDayTables } from '../domain/tables-of-days.ts'
import { measureCoverage, residualsBy, type ResidualQuantiles } from '../domain/volatility-range.ts'
import { cutBars } from '../fixtures/cut-bars.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
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
/** About what the drawn minutes have, so that each method changes its state often. */
const forecast: MethodDrive = {
  kind: 'forecast',
  coefficients: [0, 0.4, 0.3, 0.2, 0.1],
  mean: -15.5,
  deviation: 0.5,
}
const methods: Readonly<Record<string, { readonly thresholds: Thresholds; readonly warmUp: number }>> = {
  published: { thresholds: builtInPresets.aggressive, warmUp: 0 },
  'rv-level': {
    thresholds: {
      highEnter: -0.5,
      highExit: -0.8,
      lowEnter: -1.8,
      lowExit: -1.3,
      enterK: 1,
      exitK: 3,
      drive: { kind: 'level' },
    },
    warmUp: 0,
  },
  'har-gk': {
    thresholds: {
      highEnter: 0.5,
      highExit: 0.2,
      lowEnter: -0.5,
      lowExit: -0.2,
      enterK: 1,
      exitK: 3,
      drive: forecast,
    },
    warmUp: 1_440,
  },
}

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

function pushAll(history: GrowingWhole, minutes: readonly Minute[]): void {
  const column = (pick: (minute: Minute) => number): Float64Array => Float64Array.from(minutes, pick)
  const bars = {
    openMs: column(({ openMs }) => openMs),
    opens: column(({ open }) => open),
    highs: column(({ open, close }) => Math.max(open, close)),
    lows: column(({ open, close }) => Math.min(open, close)),
    closes: column(({ close }) => close),
  }
  for (const bar of minutes.keys()) history.push(bars, bar)
}

/** All that is computed on a series as it stands. */
function everything(history: TradedHistory, rule: BacktestRule, thresholds: Thresholds) {
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
        fc.constantFrom(...Object.values(methods)),
        (seed, ended, rule, factor, { thresholds, warmUp }) => {
          const minutes = minutesOf(seed, warmUp + 1_400)
          const cut = warmUp + ended
          const earlier = minutes.slice(0, cut)
          const atMs = (earlier.at(-1)?.openMs ?? 0) + 60_000
          const history = new GrowingWhole('1m')
          pushAll(history, earlier)
          const then = history.view()
          const before = everything(then, rule, thresholds)
          // Later bars, as they were and as they could as well have been, come to the series that was looked at.
          const other = new GrowingWhole('1m')
          pushAll(other, minutes)
          pushAll(
            history,
            minutes.slice(cut).map(({ openMs, open, close }) => ({
              openMs,
              open: open * (1 + factor),
              close: close * (1 + factor) + 1,
            })),
          )
          expect(everything(then, rule, thresholds)).toEqual(before)
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
          // Of changes to one regime in five minutes the latest is told, so those of the last block may yet give way.
          const toldForGoodMs = atMs - (atMs % 300_000)
          const early = (series: typeof one) =>
            describeStories(series, told, { days: 90, limit: 500 }).events.filter(
              ({ ts_ms: ts }) => ts < toldForGoodMs && ts > atMs - dayMs,
            )
          expect(early(one)).toEqual(early(two))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('what follows a series live, bar by bar, says of each what a replay says, whatever comes later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1_900, max: 2_600 }),
        fc.double({ min: -0.9, max: 9, noNaN: true }),
        (seed, cut, factor) => {
          const bars = drawBars('1m', 2_800, seed)
          const other = withOthersAfter(bars, cut, factor)
          const presets = Object.entries(methods).map(([method, { thresholds }]) => ({
            preset: 'x',
            method,
            version: 1,
            thresholds,
          }))
          const [one, two] = [bars, other].map((own) => {
            const tracker = new SeriesTracker('1m', presets)
            const transitions = Array.from(own.openMs.keys()).flatMap((bar) => tracker.push(barOf(own, bar)))
            const at = new SeriesTracker('1m', presets)
            for (let bar = 0; bar < cut; bar += 1) at.push(barOf(own, bar))
            const endMs = (own.openMs[cut - 1] ?? 0) + 60_000
            return {
              state: at.state(),
              readings: at.machines.map((machine) => at.readingOf(machine)),
              transitions: transitions.filter(({ tsMs }) => tsMs <= endMs),
              exported: Object.values(methods).map(({ thresholds }) => exported(own, thresholds, cut)),
              events: tasks.events({
                history: historyOf(own),
                thresholds: builtInPresets.aggressive,
                lookbackDays: 2,
                to: 'high',
                asOfMs: endMs,
              }).bars,
            }
          })
          expect(two).toEqual(one)
          expect(one?.transitions.length).toBeGreaterThan(0)
          // A symbol whose bars reach further than those of the others adds nothing to a correlation with them.
          const short = { symbol: 'a', isStale: false, ...cutBars(bars, cut) }
          const common = [bars, other].map((own) =>
            commonReturns([short, { symbol: 'b', isStale: false, ...own }], 60_000, 60),
          )
          expect(common[1]).toEqual(common[0])
        },
      ),
      { numRuns: 6 },
    )
  })

  it('what is kept of a midnight looks at nothing after it, though its labels look ahead', () => {
    const days = 8
    const midnights = Array.from({ length: days }, (_, day) => drawnFromMs + (day + 1) * dayMs)
    const lastMs = midnights.at(-1) ?? 0
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: -0.9, max: 9, noNaN: true }),
        (seed, factor) => {
          const bars = drawBars('1m', (days + 1) * 1_440, seed)
          const [one, two] = [bars, withOthersAfter(bars, days * 1_440, factor)].map((own) => {
            const tables = makeDayTables({ timeframe: '1m', bars: own, midnights })
            const { coefficients } = forecast
            const input = { timeframe: '1m', bars: own, coefficients } as const
            const { transitions } = classify(historyOf(own), builtInPresets.aggressive)
            return {
              tables,
              residuals: residualsBy(input, lastMs),
              coverage: measureCoverage(
                input,
                { fromMs: lastMs - 2 * dayMs, toMs: lastMs },
                () => someQuantiles,
              ),
              live: measureLive({
                timeframe: '1m',
                bars: own,
                asOfMs: lastMs,
                machines: [transitions.filter(({ tsMs }) => tsMs <= lastMs)],
                tables: new Map(
                  tables.map((table) => [table.dayMs, { ...table, madeAfterMs: 0, historyUntilMs: 0 }]),
                ),
              }),
            }
          })
          expect(two).toEqual(one)
          expect(one?.tables.length).toBeGreaterThan(2)
          expect(one?.coverage?.n).toBeGreaterThan(2_000)
          expect(one?.live[0]?.confidence?.bars).toBeGreaterThan(1_000)
        },
      ),
      { numRuns: 2 },
    )
  })
})

const drawnFromMs = Date.UTC(2024, 0, 1)
const someQuantiles: ResidualQuantiles = [-2, -1, -0.5, 0, 0.5, 1, 2]

/** The same bars up to one, and others from then on. */
function withOthersAfter(bars: OhlcColumns, cut: number, factor: number): OhlcColumns {
  const change = (column: Float64Array): Float64Array =>
    column.map((value, bar) => (bar < cut ? value : value * (1 + factor) + 1))
  return {
    ...bars,
    opens: change(bars.opens),
    highs: change(bars.highs),
    lows: change(bars.lows),
    closes: change(bars.closes),
  }
}

function barOf({ openMs, opens, highs, lows, closes }: OhlcColumns, bar: number) {
  return {
    openMs: openMs[bar] ?? 0,
    open: opens[bar] ?? 0,
    high: highs[bar] ?? 0,
    low: lows[bar] ?? 0,
    close: closes[bar] ?? 0,
  }
}

function historyOf(bars: OhlcColumns): TradedHistory {
  const history = new GrowingWhole('1m')
  for (const bar of bars.openMs.keys()) history.push(bars, bar)
  return history.view()
}

/** What an export says of the first bars. */
function exported(bars: OhlcColumns, thresholds: Thresholds, cut: number) {
  const states = new BarStates('1m', thresholds)
  return Array.from(bars.openMs.keys(), (bar) => ({
    ...states.push(bars.openMs[bar] ?? 0, barOf(bars, bar)),
  })).slice(0, cut)
}
