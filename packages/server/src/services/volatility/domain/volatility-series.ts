import { RollingMoments, type WindowState } from './rolling-moments.ts'
import { barsPerYear, intervalMs, type Timeframe } from './timeframe.ts'

/** Returns in a realised volatility. */
export const returnsInRv = 30
/** Realised volatilities in the baseline that z measures against. */
export const rvsInBaseline = 240
/** More missing bars than this in one hole, and the series begins anew. */
export const missingBarsMax = 240

/** What a series is rebuilt from, to the last bit. */
export type SeriesState = {
  readonly lastOpenMs: number | null
  readonly lastClose: number | null
  /** Bars since the series began. */
  readonly bars: number
  readonly returns: WindowState
  readonly rvs: WindowState
}

/**
 * Realised volatility of a series of closed bars, its baseline and its z (the method `published`, specification 5.1). A
 * return is one between bars that are exactly one interval apart; after a hole of more than `missingBarsMax` bars both
 * windows are empty again. Volatilities are fractions a year.
 */
export class VolatilitySeries {
  // Doubles that stay doubles cost nothing where millions of bars are asked; null among them would be an object each time.
  /** Of the newest bar: NaN while the window is not whole, or where the bar has no return. */
  rvOrNaN = Number.NaN
  /** Mean and sample standard deviation of the newest 240 realised volatilities, this bar's included. */
  baselineOrNaN = Number.NaN
  sigmaOrNaN = Number.NaN
  /** NaN too where nothing moved. */
  zOrNaN = Number.NaN
  /** The return of the newest bar; NaN where the bar before is not one interval earlier. */
  returnOrNaN = Number.NaN
  /** Whether the newest bar came after a hole that is too long. */
  isReset = false
  /** Bars since the series began. */
  bars = 0
  /** The newest realised volatility there was since the series began; NaN before there is one. */
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

  /** The same as the values above, null where there is none. */
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

  /** Takes the next closed bar; bars come in the order of their open times. */
  push(openMs: number, close: number): void {
    const apart = openMs - this.#lastOpenMs
    const before = this.#lastClose
    this.#lastOpenMs = openMs
    this.#lastClose = close
    this.rvOrNaN = this.baselineOrNaN = this.sigmaOrNaN = this.zOrNaN = this.returnOrNaN = Number.NaN
    this.isReset = false
    this.bars += 1
    if (apart !== this.#intervalMs) {
      // The first bar of all has none before it, and is no reset.
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

  /** How many further adjacent bars there must be until the baseline is whole; 0 once it is. */
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

  /** A series as it was when `state` was taken; what it says of its newest bar comes with the next one. */
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
