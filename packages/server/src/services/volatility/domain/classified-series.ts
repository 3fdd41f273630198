import { HarWindows, standardForecast } from './har-windows.ts'
import { lnOf, type MethodDrive } from './method-drive.ts'
import { type Regime, regimesByCode } from './regime-code.ts'
import type { ClassifiedBars } from './regime-runs.ts'
import type { Thresholds } from './regime-machine.ts'
import { type BarColumns, replayMachine, type SeriesColumns, type Transition } from './replay.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

/** Code in the regime column before the first z of a series, and again after a reset. */
export const unclassified = 255

/** Data of each bar of a series that does not depend on a preset; all columns have the same length. */
export type SeriesHistory = BarColumns &
  Omit<SeriesColumns, 'returns' | 'sigma'> & {
    readonly timeframe: Timeframe
    /** Variance of each single bar, not annualised; present if a forecast drives the machine. */
    readonly variances?: Float64Array
    /** Indexes of bars after a gap that is too long, ascending. */
    readonly resets: readonly number[]
  }

/** The same with the open prices at which a backtest fills orders. */
export type TradedHistory = SeriesHistory & { readonly opens: Float64Array }

/** The same with the Garman-Klass estimate over the newest 30 bars; NaN where there is none. */
export type RangedHistory = SeriesHistory & { readonly garmanKlass: Float64Array }

/** A history with the state after each bar by the thresholds of one preset; z and baseline are those of its method. */
export type Classified<History extends SeriesHistory> = History & {
  /** Codes of `regime-code.ts`, or `unclassified`. */
  readonly regimes: Uint8Array
  readonly transitions: readonly Transition[]
}

export type ClassifiedSeries = Classified<SeriesHistory>

/** Computes the state after each bar. A bar is classified from the first z of its warm series on (wire W1). */
export function classify<History extends SeriesHistory>(
  history: History,
  thresholds: Thresholds,
): Classified<History> {
  const driven = { ...history, ...drivenColumns(history, thresholds.drive) }
  const { regimes, transitions } = replayMachine(driven, thresholds)
  const starts = [0, ...history.resets]
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? regimes.length
    let first = start
    while (first < end && Number.isNaN(driven.z[first] ?? Number.NaN)) first += 1
    regimes.fill(unclassified, start, first)
  }
  return { ...driven, regimes, transitions }
}

/** The driving value and baseline of each bar; bit for bit the same as `driveOf` gives for a single bar. */
function drivenColumns(
  { variances, resets, rv }: SeriesHistory,
  drive: MethodDrive | undefined,
): Partial<Pick<SeriesHistory, 'z' | 'baseline'>> {
  switch (drive?.kind) {
    case undefined:
      return {}
    case 'level':
      return { z: rv.map((value) => lnOf(value) ?? Number.NaN) }
    case 'forecast': {
      if (variances === undefined) throw new Error('A forecast needs the variance of each bar')
      const windows = HarWindows.begin()
      const isReset = new Set(resets)
      const z = variances.map((variance, bar) => {
        if (isReset.has(bar)) windows.clear()
        windows.push(variance)
        return standardForecast(windows.means, drive)
      })
      return { z, baseline: new Float64Array(z.length).fill(Math.exp(drive.mean)) }
    }
  }
}

/** The series as it was with this number of bars. */
export function firstBars(history: SeriesHistory, bars: number): SeriesHistory {
  if (bars >= history.openMs.length) return history
  const cut = (column: Float64Array): Float64Array => column.subarray(0, bars)
  const { timeframe, openMs, closes, rv, baseline, z, resets } = history
  return {
    timeframe,
    openMs: cut(openMs),
    closes: cut(closes),
    rv: cut(rv),
    baseline: cut(baseline),
    z: cut(z),
    resets: resets.filter((bar) => bar < bars),
  }
}

/** The number of bars that had ended by a moment. */
export function barsEndedBy({ openMs, timeframe }: SeriesHistory, moment: number): number {
  const lastOpenMs = moment - intervalMs[timeframe]
  let [low, high] = [0, openMs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((openMs[middle] ?? 0) <= lastOpenMs) low = middle + 1
    else high = middle
  }
  return low
}

/** The end of the newest bar; null without one. */
export function lastEndMs({ openMs, timeframe }: SeriesHistory): number | null {
  const last = openMs.at(-1)
  return last === undefined ? null : last + intervalMs[timeframe]
}

export const dayMs = 86_400_000

/** The first bar of a window of days that ends with the newest bar: bars that end in (newest − days, newest]. */
export function firstBarOfWindow(series: SeriesHistory, days: number): number {
  const asOfMs = lastEndMs(series)
  return asOfMs === null ? 0 : barsEndedBy(series, asOfMs - days * dayMs)
}

/** The classified bars starting at one bar, with their closes. */
export function classifiedFrom(
  { openMs, closes, regimes, timeframe }: ClassifiedSeries,
  from: number,
): ClassifiedBars & { readonly closes: Float64Array } {
  let start = from
  while (start < regimes.length && regimes[start] === unclassified) start += 1
  const window = {
    openMs: openMs.subarray(start),
    closes: closes.subarray(start),
    regimes: regimes.subarray(start),
    intervalMs: intervalMs[timeframe],
  }
  if (!window.regimes.includes(unclassified)) return window
  // The series was reset within the window and warmed up again.
  const isKept = (_: number, bar: number): boolean => window.regimes[bar] !== unclassified
  return {
    openMs: window.openMs.filter(isKept),
    closes: window.closes.filter(isKept),
    regimes: window.regimes.filter(isKept),
    intervalMs: window.intervalMs,
  }
}

/** The state after a bar; null before the first z. */
export function regimeAfter({ regimes }: Pick<ClassifiedSeries, 'regimes'>, bar: number): Regime | null {
  const code = regimes[bar]
  return code === 0 || code === 1 || code === 2 ? regimesByCode[code] : null
}

/**
 * Since when the state after a bar holds: end of the bar of the last transition or, before any, of the first bar with
 * a z. Null while the bar is not classified.
 */
export function enteredMs(series: ClassifiedSeries, bar: number): number | null {
  if (regimeAfter(series, bar) === null) return null
  const last = series.transitions.findLast((one) => one.bar <= bar)
  if (last !== undefined) return last.tsMs
  const first = series.regimes.findIndex((code) => code !== unclassified)
  return (series.openMs[first] ?? 0) + intervalMs[series.timeframe]
}
