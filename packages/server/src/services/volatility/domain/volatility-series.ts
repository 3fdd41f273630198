import { RollingMoments, type WindowState } from './rolling-moments.ts'
import { barsPerYear, intervalMs, type Timeframe } from './timeframe.ts'

/** Number of returns in a realised volatility. */
export const returnsInRv = 30
/** Number of realised volatilities in the baseline of z. */
export const rvsInBaseline = 240
/** A gap with more missing bars than this resets the series. */
export const missingBarsMax = 240

/** The state from which a series is rebuilt exactly. */
export type SeriesState = {
  readonly lastOpenMs: number | null
  readonly lastClose: number | null
  /** Number of bars since the series started. */
  readonly bars: number
  readonly returns: WindowState
  readonly rvs: WindowState
}

/**
 * Realised volatility of a series of closed bars with its baseline and z (the method `published`, specification 5.1).
 * Returns exist only between bars exactly one interval apart; a gap of more than `missingBarsMax` bars clears both
 * windows. Volatilities are annualised fractions.
 */
export class VolatilitySeries {
  // These fields use NaN instead of null, because null would force an allocation per value, and millions of bars are
  // processed.
  /** Of the newest bar; NaN while the window is not full, or if the bar has no return. */
  rvOrNaN = Number.NaN
  /** Mean and sample standard deviation of the newest 240 realised volatilities, including this bar's. */
  baselineOrNaN = Number.NaN
  sigmaOrNaN = Number.NaN
  /** Also NaN without any movement. */
  zOrNaN = Number.NaN
  /** The return of the newest bar; NaN if the previous bar is not one interval earlier. */
  returnOrNaN = Number.NaN
  /** Whether the newest bar came after a gap that is too long. */
  isReset = false
  /** Number of bars since the series started. */
  bars = 0
  /** The newest realised volatility since the series started; NaN before there is one. */
  lastRvOrNaN = Number.NaN

  readonly #intervalMs: number
  readonly #scale: number
  #lastOpenMs = Number.NaN
  #lastClose = 0
  #returns = new RollingMoments(returnsInRv)
  #rvs = new RollingMoments(rvsInBaseline)

  constructor(timeframe: Timeframe) {
    this.#intervalMs = intervalMs[timeframe]
    this.#scale = Math.sqrt(barsPerYear[timeframe])
  }

  /** The values above, with null in place of NaN. */
  get rv(): number | null {
    return orNull(this.rvOrNaN)
  }

  get baseline(): number | null {
    return orNull(this.baselineOrNaN)
  }

  get sigma(): number | null {
    return orNull(this.sigmaOrNaN)
  }

  get z(): number | null {
    return orNull(this.zOrNaN)
  }

  get logReturn(): number | null {
    return orNull(this.returnOrNaN)
  }

  /** The open time of the newest bar; null without one. */
  get lastOpenMs(): number | null {
    return orNull(this.#lastOpenMs)
  }

  /** Takes the next closed bar; bars come in order of open time. */
  push(openMs: number, close: number): void {
    const apart = openMs - this.#lastOpenMs
    const before = this.#lastClose
    this.#lastOpenMs = openMs
    this.#lastClose = close
    this.rvOrNaN = this.baselineOrNaN = this.sigmaOrNaN = this.zOrNaN = this.returnOrNaN = Number.NaN
    this.isReset = false
    this.bars += 1
    if (apart !== this.#intervalMs) {
      // The very first bar is no reset.
      if (apart / this.#intervalMs - 1 > missingBarsMax) {
        this.isReset = true
        this.bars = 1
        this.lastRvOrNaN = Number.NaN
        this.#returns.clear()
        this.#rvs.clear()
      }
      return
    }
    const logReturn = Math.log1p((close - before) / before)
    this.returnOrNaN = logReturn
    if (!this.#returns.push(logReturn)) return
    const rv = Math.sqrt(this.#returns.m2 / (returnsInRv - 1)) * this.#scale
    this.rvOrNaN = this.lastRvOrNaN = rv
    if (!this.#rvs.push(rv)) return
    const sigma = Math.sqrt(this.#rvs.m2 / (rvsInBaseline - 1))
    this.baselineOrNaN = this.#rvs.mean
    this.sigmaOrNaN = sigma
    if (sigma !== 0) this.zOrNaN = (rv - this.#rvs.mean) / sigma
  }

  /** The number of further adjacent bars needed until the baseline is full; 0 once it is. */
  get barsUntilReady(): number {
    const { count: returns } = this.#returns
    if (this.bars === 0) return returnsInRv + rvsInBaseline
    if (returns < returnsInRv) return returnsInRv + rvsInBaseline - 1 - returns
    return Math.max(0, rvsInBaseline - this.#rvs.count)
  }

  state(): SeriesState {
    return {
      lastOpenMs: this.lastOpenMs,
      lastClose: this.lastOpenMs === null ? null : this.#lastClose,
      bars: this.bars,
      returns: this.#returns.state(),
      rvs: this.#rvs.state(),
    }
  }

  /** Restores a series as it was when `state` was taken; its current values follow with the next bar. */
  static from(timeframe: Timeframe, state: SeriesState): VolatilitySeries {
    const series = new VolatilitySeries(timeframe)
    series.#lastOpenMs = state.lastOpenMs ?? Number.NaN
    series.#lastClose = state.lastClose ?? 0
    series.bars = state.bars
    series.lastRvOrNaN = state.rvs.values.at(-1) ?? Number.NaN
    series.#returns = RollingMoments.from(returnsInRv, state.returns)
    series.#rvs = RollingMoments.from(rvsInBaseline, state.rvs)
    return series
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
