import {
  classify,
  dayMs,
  lastEndMs,
  type SeriesHistory,
  type TradedHistory,
  unclassified,
} from '../domain/classified-series.ts'
import { measurePair, type PairInput } from '../domain/measure-lead-lag.ts'
import { type LiveInput, measureLive } from '../domain/live-quality.ts'
import { makeDayTables, type TablesInput } from '../domain/tables-of-days.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { intervalMs } from '../domain/timeframe.ts'
import {
  type ForecastBars,
  measureCoverage,
  residualQuantiles,
  type ResidualQuantiles,
  residualsBy,
} from '../domain/volatility-range.ts'
import { type BacktestSettings, describeBacktest } from '../usecases/describe-backtest.ts'
import { describeDurations, describeMatrix, describeReturns } from '../usecases/describe-runs.ts'
import { describeImpact, type Told } from '../usecases/describe-state.ts'

/** A series and the levels from which its state is computed. */
type Replayed<History extends SeriesHistory = SeriesHistory> = {
  readonly history: History
  readonly thresholds: Thresholds
}

type Windowed = Replayed & { readonly lookbackDays: number }

/** The tasks of the compute threads, by name. Columns are shared with the thread; everything else is copied. */
export const tasks = {
  matrix: ({ history, thresholds, lookbackDays }: Windowed) =>
    describeMatrix(classify(history, thresholds), lookbackDays),
  durations: ({ history, thresholds, lookbackDays }: Windowed) =>
    describeDurations(classify(history, thresholds), lookbackDays),
  returns: ({
    history,
    thresholds,
    lookbackDays,
    horizonBars,
  }: Windowed & { readonly horizonBars: number }) =>
    describeReturns(classify(history, thresholds), lookbackDays, horizonBars),
  impact: ({
    history,
    thresholds,
    closes,
    told,
    to,
    lookbackDays,
  }: Windowed & { readonly closes: SeriesHistory; readonly told: Told; readonly to: Regime }) =>
    describeImpact(classify(history, thresholds), told, { to, lookbackDays }, closes),
  /** Transitions into a state within the look-back before a moment, each as the number of its interval since 1970. */
  events: ({ history, thresholds, lookbackDays, to, asOfMs }: Windowed & EventsInput) => {
    const { transitions, regimes, timeframe } = classify(history, thresholds)
    return {
      isWarm: regimes.some((code) => code !== unclassified),
      bars: transitions
        .filter((one) => one.to === to && one.tsMs > asOfMs - lookbackDays * dayMs && one.tsMs <= asOfMs)
        .map(({ tsMs }) => tsMs / intervalMs[timeframe]),
      asOfMs: lastEndMs(history),
    }
  },
  pairs: ({ pairs }: { readonly pairs: readonly PairInput[] }) => pairs.map(measurePair),
  dayTables: (input: TablesInput) => makeDayTables(input),
  liveQuality: (input: LiveInput) => measureLive(input),
  /** The number of residuals behind a day's range, and their quantiles; null if there are too few. */
  rangeTable: ({ midnightMs, ...input }: ForecastBars & { readonly midnightMs: number }) => {
    const residuals = residualsBy(input, midnightMs)
    return { residuals: residuals.length, quantiles: residualQuantiles(residuals) ?? null }
  },
  rangeCoverage: ({ fromMs, toMs, quantiles, ...input }: ForecastBars & CoverageInput) =>
    measureCoverage(input, { fromMs, toMs }, (midnightMs) => quantiles.get(midnightMs)),
  backtest: ({ history, thresholds, ...settings }: Replayed<TradedHistory> & BacktestSettings) =>
    describeBacktest(classify(history, thresholds), settings),
} as const

type CoverageInput = {
  readonly fromMs: number
  readonly toMs: number
  /** The quantiles of each day, by its midnight. */
  readonly quantiles: ReadonlyMap<number, ResidualQuantiles>
}

type EventsInput = { readonly to: Regime; readonly asOfMs: number }

export type Tasks = typeof tasks
export type TaskName = keyof Tasks
