import { midnightOf } from './day-table.ts'
import { forecastHar, garmanKlassVariances, harRegressors } from './har-gk.ts'
import type { HarCoefficients } from './har-windows.ts'
import { returnsAhead, volatilityAhead } from './labels.ts'
import type { OhlcColumns } from './ohlc.ts'
import { quantileOfSorted } from './quantiles.ts'
import { replaySeries } from './replay.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

/** The number of newest residuals behind a day's range, and the least number required (specification 7.9). */
export const rangeResiduals = { window: 10_080, least: 5_040 } as const

const shares = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const

/** Quantiles of ln F − forecast at 2.5, 10, 25, 50, 75, 90 and 97.5 %. */
export type ResidualQuantiles = readonly [number, number, number, number, number, number, number]

export function isWholeQuantiles(values: readonly number[]): values is ResidualQuantiles {
  return values.length === shares.length
}

/** A range for the realised volatility of the next 30 returns, as annualised fractions. It predicts no direction. */
export type VolatilityRange = {
  readonly median: number
  readonly interval: Readonly<Record<'50' | '80' | '95', readonly [low: number, high: number]>>
}

/** The quantiles of a day's residuals, newest last; undefined if there are too few. */
export function residualQuantiles(residuals: Float64Array): ResidualQuantiles | undefined {
  const newest = residuals.subarray(-rangeResiduals.window)
  if (newest.length < rangeResiduals.least) return undefined
  const sorted = newest.toSorted()
  const [a, b, c, d, e, f, g] = shares.map((share) => quantileOfSorted(sorted, share))
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0, e ?? 0, f ?? 0, g ?? 0]
}

/** The range around a forecast of ln S. */
export function toVolatilityRange(forecast: number, quantiles: ResidualQuantiles): VolatilityRange {
  const [q2, q10, q25, q50, q75, q90, q97] = quantiles.map((quantile) => Math.exp(forecast + quantile))
  return {
    median: q50 ?? 0,
    interval: { '50': [q25 ?? 0, q75 ?? 0], '80': [q10 ?? 0, q90 ?? 0], '95': [q2 ?? 0, q97 ?? 0] },
  }
}

/** Bars with the coefficients of a `har-gk` calibration. */
export type ForecastBars = {
  readonly timeframe: Timeframe
  readonly bars: Omit<OhlcColumns, 'volumes'>
  readonly coefficients: HarCoefficients
}

/** For each bar, the forecast of ln S and the volatility of the next 30 returns. */
function followForecast({ timeframe, bars, coefficients }: ForecastBars) {
  const { returns, resets } = replaySeries(timeframe, bars)
  return {
    forecast: forecastHar(harRegressors(garmanKlassVariances(bars), resets), coefficients),
    ahead: volatilityAhead(timeframe, returns),
  }
}

/**
 * The newest residuals ln F − forecast whose returns had all ended by a midnight, oldest first, up to the number that
 * a range uses.
 */
export function residualsBy(input: ForecastBars, midnightMs: number): Float64Array {
  const { openMs } = input.bars
  const interval = intervalMs[input.timeframe]
  const { forecast, ahead } = followForecast(input)
  const residuals = ahead.map((value, bar) => Math.log(value) - (forecast[bar] ?? Number.NaN))
  const matured = residuals.filter((residual, bar) => {
    const last = openMs[bar + returnsAhead]
    return last !== undefined && last + interval <= midnightMs && Number.isFinite(residual)
  })
  return matured.slice(-rangeResiduals.window)
}

/** The number of ranges with a known outcome, and the shares that contained it. */
export type RangeCoverage = { readonly n: number } & Readonly<Record<'50' | '80' | '95', number>>

/** With fewer ranges, coverage is not reported. */
const coverageLeast = 1_440

/**
 * The coverage of ranges for bars that end in (from, to]; null if there are too few. `quantilesOf` gives the
 * quantiles of a bar's day.
 */
export function measureCoverage(
  input: ForecastBars,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  quantilesOf: (midnightMs: number) => ResidualQuantiles | undefined,
): RangeCoverage | null {
  const interval = intervalMs[input.timeframe]
  const { openMs } = input.bars
  const { forecast, ahead } = followForecast(input)
  const held = { '50': 0, '80': 0, '95': 0 }
  let n = 0
  for (let bar = 0; bar < openMs.length; bar += 1) {
    const endMs = (openMs[bar] ?? 0) + interval
    const last = openMs[bar + returnsAhead]
    if (endMs <= fromMs || last === undefined || last + interval > toMs) continue
    const value = ahead[bar] ?? Number.NaN
    const quantiles = quantilesOf(midnightOf(endMs))
    if (quantiles === undefined || !Number.isFinite(value + (forecast[bar] ?? Number.NaN))) continue
    const { interval: range } = toVolatilityRange(forecast[bar] ?? 0, quantiles)
    n += 1
    for (const share of ['50', '80', '95'] as const)
      if (value >= range[share][0] && value <= range[share][1]) held[share] += 1
  }
  if (n < coverageLeast) return null
  return { n, '50': held['50'] / n, '80': held['80'] / n, '95': held['95'] / n }
}
