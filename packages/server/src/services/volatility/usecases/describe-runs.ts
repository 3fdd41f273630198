import type { ConditionalReply, DurationsReply, MatrixReply, SpreadReply } from '../contract/analytics.ts'
import {
  type ClassifiedSeries,
  classifiedFrom,
  firstBarOfWindow,
  lastEndMs,
} from '../domain/classified-series.ts'
import {
  type ClassifiedBars,
  conditionalReturns,
  countTransitions,
  measureDurations,
  type PerRegime,
  type Spread,
} from '../domain/regime-runs.ts'

/** The members of a reply that depend on the series alone; caller and freshness are added separately. */
type Figures<Reply> = Omit<Reply, 'symbol' | 'timeframe' | 'preset' | 'method' | 'venue' | 'stale'>

export function describeMatrix(series: ClassifiedSeries, lookbackDays: number): Figures<MatrixReply> {
  const window = classifiedFrom(series, firstBarOfWindow(series, lookbackDays))
  const { counts, matrix, pairs } = countTransitions(window)
  return {
    lookback_days: lookbackDays,
    states: ['low', 'normal', 'high'],
    matrix,
    counts,
    bars: pairs,
    from_ms: firstEndMs(window),
    ...freshness(series, window),
  }
}

export function describeDurations(series: ClassifiedSeries, lookbackDays: number): Figures<DurationsReply> {
  const window = classifiedFrom(series, firstBarOfWindow(series, lookbackDays))
  const { durations, censored, current } = measureDurations(window.regimes)
  return {
    lookback_days: lookbackDays,
    durations: mapRegimes(durations, (one) => ({ ...toSpread(one), max: one.max })),
    seconds_per_bar: window.intervalMs / 1_000,
    censored,
    current:
      current === null
        ? null
        : {
            regime: current.regime,
            bars: current.bars,
            since_ms: (window.openMs[current.firstBar] ?? 0) + window.intervalMs,
          },
    ...freshness(series, window),
  }
}

export function describeReturns(
  series: ClassifiedSeries,
  lookbackDays: number,
  horizonBars: number,
): Figures<ConditionalReply> {
  const window = classifiedFrom(series, firstBarOfWindow(series, lookbackDays))
  const { byRegime, baseline } = conditionalReturns(window, window.closes, horizonBars)
  return {
    horizon_bars: horizonBars,
    lookback_days: lookbackDays,
    by_regime: mapRegimes(byRegime, toSpread),
    baseline: toSpread(baseline),
    overlapping: horizonBars > 1,
    ...freshness(series, window),
  }
}

/** Members that a small sample does not support are absent. */
function toSpread({ n, mean, median, p25, p75, p05, p95, stdev }: Spread): SpreadReply {
  return {
    n,
    mean,
    median,
    ...(p25 === undefined ? {} : { p25 }),
    ...(p75 === undefined ? {} : { p75 }),
    ...(p05 === undefined ? {} : { p05 }),
    ...(p95 === undefined ? {} : { p95 }),
    ...(stdev === null ? {} : { stdev }),
  }
}

function mapRegimes<T, U>({ low, normal, high }: PerRegime<T>, of: (value: T) => U): PerRegime<U> {
  return { low: of(low), normal: of(normal), high: of(high) }
}

function firstEndMs({ openMs, intervalMs: interval }: ClassifiedBars): number | null {
  const first = openMs[0]
  return first === undefined ? null : first + interval
}

function freshness(
  series: ClassifiedSeries,
  window: ClassifiedBars,
): { readonly as_of_ms: number | null; readonly reason: 'warming_up' | null } {
  return { as_of_ms: lastEndMs(series), reason: window.openMs.length === 0 ? 'warming_up' : null }
}
