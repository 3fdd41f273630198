import type { ExplainReply, StateAtReply, StoriesReply } from '../contract/analytics.ts'
import type { ImpactReply, SizingReply } from '../contract/impact.ts'
import {
  barsEndedBy,
  type ClassifiedSeries,
  dayMs,
  enteredMs,
  lastEndMs,
  regimeAfter,
  type SeriesHistory,
  unclassified,
} from '../domain/classified-series.ts'
import { type Exit, exitsOf } from '../domain/explain.ts'
import { measureImpact } from '../domain/impact.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { Transition } from '../domain/replay.ts'
import { sizePosition } from '../domain/size-position.ts'
import { chooseStories, tellStory } from '../domain/stories.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { toWireThresholds } from './wire-thresholds.ts'

/** The identification of a series in replies. */
export type Told = {
  readonly symbol: string
  readonly timeframe: ClassifiedSeries['timeframe']
  readonly preset: string
  readonly method: string
  readonly venue: string
}

/** The values of a series after its newest bar, by one preset. */
export type Measured = {
  /** Null while the series warms up. */
  readonly regime: Regime | null
  readonly run: number
  readonly z: number | null
  readonly realizedVol: number | null
  readonly baselineVol: number | null
  readonly sigma: number | null
  readonly sinceMs: number | null
  /** End of the newest bar; null if there is none. */
  readonly asOfMs: number | null
}

export function describeExits(
  told: Told,
  { regime, run, z, realizedVol, baselineVol, sigma, sinceMs, asOfMs }: Measured,
  { thresholds, version }: { readonly thresholds: Thresholds; readonly version: number },
): Omit<ExplainReply, 'stale'> {
  const exits = regime === null ? [] : exitsOf({ regime, run }, z, thresholds)
  return {
    ...told,
    preset_version: version,
    regime,
    z_vol: z,
    realized_vol: realizedVol,
    baseline_vol: baselineVol,
    sigma,
    since_ms: sinceMs,
    seconds_in_state: asOfMs === null || sinceMs === null ? null : (asOfMs - sinceMs) / 1_000,
    thresholds: toWireThresholds(thresholds),
    next: exits.map(({ to, when, level, distance, barsNeeded, barsCounted }) => ({
      to,
      when,
      level,
      distance,
      bars_needed: barsNeeded,
      bars_counted: barsCounted,
    })),
    text: tellExits(told, regime, z, sinceMs, exits),
    as_of_ms: asOfMs,
    reason: regime === null ? 'warming_up' : null,
  }
}

function tellExits(
  { symbol, timeframe }: Told,
  regime: Regime | null,
  z: number | null,
  sinceMs: number | null,
  exits: readonly Exit[],
): string {
  const name = `${symbol.toUpperCase()} ${timeframe}`
  if (regime === null || sinceMs === null) return `${name} has too few bars for a state.`
  const since = `${new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const now =
    z === null ? 'it has no z now, for the market stands still or a bar is missing' : `z is ${z.toFixed(2)}`
  const ways = exits.map(
    ({ to, when, level, barsNeeded, barsCounted }) =>
      `${to} after ${barsNeeded} ${barsNeeded === 1 ? 'bar' : 'bars in a row'} with z ${when === '>=' ? 'at or above' : 'at or below'} ${level} (${barsCounted} so far)`,
  )
  return `${name} is ${regime} since ${since}; ${now}; it turns ${ways.join(', or ')}.`
}

export function describeStateAt(series: ClassifiedSeries, told: Told, atMs: number): StateAtReply {
  const bar = barsEndedBy(series, atMs) - 1
  const regime = regimeAfter(series, bar)
  return {
    ...told,
    ts_ms: atMs,
    regime,
    since_ms: enteredMs(series, bar),
    bar_end_ms: bar < 0 ? null : (series.openMs[bar] ?? 0) + intervalMs[series.timeframe],
    reason: regime !== null ? null : bar < 0 ? 'before_history' : 'warming_up',
  }
}

export function describeStories(
  series: ClassifiedSeries,
  told: Told,
  { days, limit }: { readonly days: number; readonly limit: number },
): Omit<StoriesReply, 'stale'> {
  const asOfMs = lastEndMs(series)
  const fromMs = (asOfMs ?? 0) - days * dayMs
  const window = series.transitions.filter(({ tsMs }) => tsMs > fromMs).toReversed()
  const chosen = chooseStories(window, limit).map((one) => ({ ...one, ...figuresOf(series, one) }))
  return {
    ...told,
    days,
    count: chosen.length,
    stories: chosen.map((one) => tellStory(told.symbol, told.timeframe, one)),
    events: chosen.map(({ tsMs, from, to, z, close, realizedVol, baselineVol, reason }) => ({
      type: 'regime.transition' as const,
      ...told,
      ts_ms: tsMs,
      from,
      to,
      from_regime: from,
      to_regime: to,
      z_vol: z,
      close,
      realized_vol: realizedVol,
      baseline_vol: baselineVol,
      reason,
    })),
    as_of_ms: asOfMs,
    reason: series.regimes.every((code) => code === unclassified) ? 'warming_up' : null,
  }
}

/** The figures of a published transition; after a gap, z is the last one before it (wire W3). */
export function figuresOf(
  { z, rv, baseline, closes }: Pick<SeriesHistory, 'z' | 'rv' | 'baseline' | 'closes'>,
  { bar, reason }: Transition,
): {
  readonly z: number
  readonly close: number
  readonly realizedVol: number | null
  readonly baselineVol: number | null
} {
  const close = closes[bar] ?? 0
  if (reason === 'threshold')
    return { z: z[bar] ?? 0, close, realizedVol: known(rv[bar]), baselineVol: known(baseline[bar]) }
  let before = bar - 1
  while (before >= 0 && known(z[before]) === null) before -= 1
  return { z: z[before] ?? 0, close, realizedVol: null, baselineVol: null }
}

const hourMs = 3_600_000
const horizons = { '1h': hourMs, '4h': 4 * hourMs, '24h': 24 * hourMs } as const

/** Below this number of events a sample is too small (wire: the public client shows a warning). */
const sampleLeast = 20

/**
 * `closes` are those of the finest bars that cover all horizons: the series' own, or hourly ones for longer horizons.
 */
export function describeImpact(
  series: ClassifiedSeries,
  told: Told,
  { to, lookbackDays }: { readonly to: Regime; readonly lookbackDays: number },
  closes: SeriesHistory,
): Omit<ImpactReply, 'stale'> {
  const asOfMs = lastEndMs(series)
  const fromMs = (asOfMs ?? 0) - lookbackDays * dayMs
  const events = series.transitions
    .filter((one) => one.to === to && one.tsMs > fromMs)
    .map(({ tsMs }) => tsMs)
  const first = series.regimes.findIndex((code) => code !== unclassified)
  const interval = intervalMs[series.timeframe]
  const ends = first === -1 ? [] : Array.from(series.openMs.subarray(first), (openMs) => openMs + interval)
  const over = (horizonMs: number): ImpactReply['horizons']['1h'] => {
    const measured = measureImpact(events, ends, horizonMs, (endMs) => closeAt(closes, endMs))
    const { medianInterval, base, overlapping, ...spread } = measured
    if (medianInterval === undefined) return { ...spread, base, overlapping }
    const [low, high] = medianInterval
    return { ...spread, median_ci95: [low, high], base, overlapping }
  }
  return {
    ...told,
    to_regime: to,
    lookback_days: lookbackDays,
    sample_size: events.length,
    warning:
      events.length < sampleLeast
        ? `Only ${events.length} such changes in ${lookbackDays} days: too few to conclude anything.`
        : null,
    horizons: {
      '1h': over(horizons['1h']),
      '4h': over(horizons['4h']),
      '24h': over(horizons['24h']),
    },
    as_of_ms: asOfMs,
    reason: first === -1 ? 'warming_up' : null,
  }
}

/** The close of the bar that ends exactly at a moment. */
function closeAt(series: SeriesHistory, endMs: number): number | undefined {
  const bar = barsEndedBy(series, endMs) - 1
  return (series.openMs[bar] ?? Number.NaN) + intervalMs[series.timeframe] === endMs
    ? series.closes[bar]
    : undefined
}

export function describeSizing(
  told: Told,
  { regime, realizedVol, asOfMs }: Measured,
  { targetVol, isDamped }: { readonly targetVol: number; readonly isDamped: boolean },
): Omit<SizingReply, 'stale'> {
  const { rawFraction, damper, fraction, isCapped } = sizePosition(realizedVol, regime, {
    targetVol,
    isDamped,
  })
  return {
    ...told,
    target_vol: targetVol,
    realized_vol: realizedVol,
    regime,
    regime_damper: isDamped,
    raw_fraction: rawFraction,
    damper,
    fraction,
    capped: isCapped,
    reason: fraction !== null ? null : regime === null || realizedVol === null ? 'warming_up' : 'no_movement',
    note: 'Arithmetic on the volatility that is measured now; it is no advice and no forecast.',
    as_of_ms: asOfMs,
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
