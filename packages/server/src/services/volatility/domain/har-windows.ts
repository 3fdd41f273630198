import { garmanKlassTerm } from './range-estimators.ts'
import { RollingMoments, type WindowState } from './rolling-moments.ts'

/** Lags of the forecast in bars: 5 minutes, half an hour, two hours and a day of 1-minute bars. */
export const harLags = [5, 30, 120, 1_440] as const

/** Lower limit of a variance, so that its logarithm exists for a market without movement. */
const varianceLeast = 1e-16

/** The Garman-Klass variance of a single bar, not below 0. */
export function garmanKlassVariance(open: number, high: number, low: number, close: number): number {
  return Math.max(0, garmanKlassTerm(Math.log(high / low), Math.log(close / open)))
}

/**
 * The moving means behind the regressors of `har-gk`, updated bar by bar. The grouping of variances depends only on
 * their count, so rebuilt windows give the same bits.
 */
export class HarWindows {
  readonly #windows: readonly RollingMoments[]
  /** Mean of each window, shortest first; NaN while it is not full. */
  readonly means = new Float64Array(harLags.length).fill(Number.NaN)

  private constructor(windows: readonly RollingMoments[]) {
    this.#windows = windows
    for (const [index, window] of windows.entries())
      if (window.count >= window.size) this.means[index] = window.mean
  }

  static begin(): HarWindows {
    return new HarWindows(harLags.map((lag) => new RollingMoments(lag)))
  }

  /** Restores the windows as they were when `state` was taken. */
  static from({ count, values }: WindowState): HarWindows {
    return new HarWindows(
      harLags.map((lag) => RollingMoments.from(lag, { count, values: values.slice(-Math.min(count, lag)) })),
    )
  }

  /** The number of further bars needed for a forecast; 0 once there is one. */
  get barsUntilReady(): number {
    const longest = this.#windows.at(-1)
    return longest === undefined ? 0 : Math.max(0, longest.size - longest.count)
  }

  push(variance: number): void {
    for (const [index, window] of this.#windows.entries())
      if (window.push(variance)) this.means[index] = window.mean
  }

  clear(): void {
    for (const window of this.#windows) window.clear()
    this.means.fill(Number.NaN)
  }

  /** The newest variances, as many as the longest window holds, and their number since the last clear. */
  state(): WindowState {
    return this.#windows.at(-1)?.state() ?? { count: 0, values: new Float64Array(0) }
  }
}

/** The regressor of a window; NaN while it is not full. */
export function lnOfMean(mean: number): number {
  return Math.log(Math.max(mean, varianceLeast))
}

/** The constant first, then one coefficient per lag. */
export type HarCoefficients = readonly number[]

/**
 * The forecast of ln S from the means of the windows, as `forecastHar` computes it from columns; NaN before all are
 * full.
 */
export function forecastOf(means: Float64Array, [constant = 0, ...slopes]: HarCoefficients): number {
  let forecast = constant
  for (const [index, mean] of means.entries()) forecast += (slopes[index] ?? 0) * lnOfMean(mean)
  return forecast
}

/** The same forecast, standardised by mean and deviation in training. */
export function standardForecast(
  means: Float64Array,
  fitted: { readonly coefficients: HarCoefficients; readonly mean: number; readonly deviation: number },
): number {
  return (forecastOf(means, fitted.coefficients) - fitted.mean) / fitted.deviation
}
