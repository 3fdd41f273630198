import { garmanKlassVariance, type HarCoefficients, harLags, HarWindows, lnOfMean } from './har-windows.ts'
import { fitLeastSquares } from './least-squares.ts'
import type { OhlcColumns } from './ohlc.ts'
import type { BarRange } from './run-machine.ts'

export function garmanKlassVariances({
  opens,
  highs,
  lows,
  closes,
}: Omit<OhlcColumns, 'openMs' | 'volumes'>): Float64Array {
  return closes.map((close, bar) =>
    garmanKlassVariance(opens[bar] ?? 1, highs[bar] ?? 1, lows[bar] ?? 1, close),
  )
}

/**
 * The regressors of `har-gk`: the logarithm of the mean Garman-Klass variance of the last k bars, for each lag; NaN
 * before there are as many since the start or the last of `resets`. After Corsi, Journal of Financial Econometrics
 * 7(2), 2009, 174–196.
 */
export function harRegressors(
  variances: Float64Array,
  resets: readonly number[] = [],
): readonly Float64Array[] {
  const columns = harLags.map(() => new Float64Array(variances.length).fill(Number.NaN))
  const windows = HarWindows.begin()
  let nextReset = 0
  for (const [bar, variance] of variances.entries()) {
    if (resets[nextReset] === bar) {
      nextReset += 1
      windows.clear()
    }
    windows.push(variance)
    for (const [index, column] of columns.entries())
      column[bar] = lnOfMean(windows.means[index] ?? Number.NaN)
  }
  return columns
}

/** Fits ln S on the regressors over the bars of a range where all are known. Undefined if there are too few. */
export function fitHar(
  regressors: readonly Float64Array[],
  smooth: Float64Array,
  { from, to }: BarRange,
): HarCoefficients | undefined {
  const rows: number[] = []
  for (let bar = from; bar < to; bar += 1)
    if ((smooth[bar] ?? 0) > 0 && regressors.every((column) => !Number.isNaN(column[bar]))) rows.push(bar)
  return fitLeastSquares(
    regressors.map((column) => Float64Array.from(rows, (bar) => column[bar] ?? 0)),
    Float64Array.from(rows, (bar) => Math.log(smooth[bar] ?? 1)),
  )
}

/** The forecast of ln S at each bar; NaN where a regressor is missing. */
export function forecastHar(
  regressors: readonly Float64Array[],
  [constant = 0, ...slopes]: HarCoefficients,
): Float64Array {
  const bars = regressors[0]?.length ?? 0
  const forecast = new Float64Array(bars).fill(constant)
  for (const [index, column] of regressors.entries()) {
    const slope = slopes[index] ?? 0
    for (let bar = 0; bar < bars; bar += 1)
      forecast[bar] = (forecast[bar] ?? 0) + slope * (column[bar] ?? Number.NaN)
  }
  return forecast
}

/** Mean and sample deviation of the known values of a range. */
export function spreadOf(
  values: Float64Array,
  { from, to }: BarRange,
): { readonly mean: number; readonly deviation: number } {
  const known = values.subarray(from, to).filter((value) => !Number.isNaN(value))
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (known.length - 1)) }
}
