import { RollingMoments, type WindowState } from './rolling-moments.ts'
import { barsPerYear, type Timeframe } from './timeframe.ts'

/** The number of bars in each estimate. */
export const barsInEstimate = 30

/** The decay of RiskMetrics (Technical Document, 4th edition, 1996). */
const lambda = 0.94

// Yang and Zhang's weight of the open-to-close variance, for 30 bars.
const openToCloseWeight = 0.34 / (1.34 + (barsInEstimate + 1) / (barsInEstimate - 1))

/** Prices of a closed bar, in its quote currency; low ≤ open, close ≤ high, all above 0. */
export type Prices = {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

export type EstimatorsState = {
  readonly parkinson: WindowState
  readonly garmanKlass: WindowState
  readonly rogersSatchell: WindowState
  readonly overnight: WindowState
  readonly openToClose: WindowState
  readonly adjacentRogersSatchell: WindowState
  readonly lastClose: number | null
  readonly ewma: { readonly count: number; readonly value: number }
}

/**
 * Volatility estimators besides the one that drives the regime: annualised fractions over the newest 30 bars, null
 * while there are fewer. Flat bars give 0. Estimators that use the range are biased low when trades are few, because
 * the true high and low are then seldom traded.
 */
export class RangeEstimators {
  readonly #perYear: number
  #parkinson = new RollingMoments(barsInEstimate)
  #garmanKlass = new RollingMoments(barsInEstimate)
  #rogersSatchell = new RollingMoments(barsInEstimate)
  #overnight = new RollingMoments(barsInEstimate)
  #openToClose = new RollingMoments(barsInEstimate)
  #adjacentRogersSatchell = new RollingMoments(barsInEstimate)
  #lastClose: number | null = null
  #ewma = { count: 0, value: 0 }

  constructor(timeframe: Timeframe) {
    this.#perYear = barsPerYear[timeframe]
  }

  /** Takes the next closed bar, with its return if the previous bar is one interval earlier. */
  push({ open, high, low, close }: Prices, logReturn: number | null): void {
    const range = Math.log(high / low)
    const body = Math.log(close / open)
    const rogersSatchell =
      Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open)
    this.#parkinson.push(range * range)
    this.#garmanKlass.push(garmanKlassTerm(range, body))
    this.#rogersSatchell.push(rogersSatchell)
    if (logReturn !== null && this.#lastClose !== null) {
      this.#overnight.push(Math.log(open / this.#lastClose))
      this.#openToClose.push(body)
      this.#adjacentRogersSatchell.push(rogersSatchell)
      this.#pushReturn(logReturn)
    }
    this.#lastClose = close
  }

  /** Clears all windows, as after a gap that is too long. */
  clear(): void {
    for (const window of this.#windows()) window.clear()
    this.#lastClose = null
    this.#ewma = { count: 0, value: 0 }
  }

  /** √(Σ ln(H/L)² / (4 n ln 2)). Parkinson, Journal of Business 53(1), 1980, 61–65. Assumes no drift. */
  get parkinson(): number | null {
    return this.#annual(this.#parkinson, (mean) => mean / (4 * Math.LN2))
  }

  /**
   * √(mean of ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)²). Garman and Klass, Journal of Business 53(1), 1980, 67–78. Assumes
   * no drift, and no jump between bars.
   */
  get garmanKlass(): number | null {
    return this.#annual(this.#garmanKlass, (mean) => mean)
  }

  /**
   * √(mean of ln(H/C) ln(H/O) + ln(L/C) ln(L/O)). Rogers and Satchell, Annals of Applied Probability 1(4), 1991,
   * 504–512. Independent of drift; ignores jumps between bars.
   */
  get rogersSatchell(): number | null {
    return this.#annual(this.#rogersSatchell, (mean) => mean)
  }

  /**
   * √(s²(ln O/C₋₁) + k s²(ln C/O) + (1 − k) V), V by Rogers and Satchell. Yang and Zhang, Journal of Business 73(3), 2000,
   * 477–491. Over bars whose predecessor is one interval earlier.
   */
  get yangZhang(): number | null {
    const divisor = barsInEstimate - 1
    return this.#annual(
      this.#adjacentRogersSatchell,
      (mean) =>
        this.#overnight.m2 / divisor +
        openToCloseWeight * (this.#openToClose.m2 / divisor) +
        (1 - openToCloseWeight) * Math.max(0, mean),
    )
  }

  /** √v, v = λ v₋₁ + (1 − λ) r² with λ = 0.94, from the mean of the first 30 r² on. RiskMetrics, 1996. */
  get ewma(): number | null {
    const { count, value } = this.#ewma
    return count < barsInEstimate ? null : Math.sqrt(this.#perYear * value)
  }

  state(): EstimatorsState {
    return {
      parkinson: this.#parkinson.state(),
      garmanKlass: this.#garmanKlass.state(),
      rogersSatchell: this.#rogersSatchell.state(),
      overnight: this.#overnight.state(),
      openToClose: this.#openToClose.state(),
      adjacentRogersSatchell: this.#adjacentRogersSatchell.state(),
      lastClose: this.#lastClose,
      ewma: { ...this.#ewma },
    }
  }

  /** Restores the estimators exactly as they were when `state` was taken. */
  static from(timeframe: Timeframe, state: EstimatorsState): RangeEstimators {
    const made = new RangeEstimators(timeframe)
    made.#parkinson = RollingMoments.from(barsInEstimate, state.parkinson)
    made.#garmanKlass = RollingMoments.from(barsInEstimate, state.garmanKlass)
    made.#rogersSatchell = RollingMoments.from(barsInEstimate, state.rogersSatchell)
    made.#overnight = RollingMoments.from(barsInEstimate, state.overnight)
    made.#openToClose = RollingMoments.from(barsInEstimate, state.openToClose)
    made.#adjacentRogersSatchell = RollingMoments.from(barsInEstimate, state.adjacentRogersSatchell)
    made.#lastClose = state.lastClose
    made.#ewma = { ...state.ewma }
    return made
  }

  #pushReturn(logReturn: number): void {
    const { count, value } = this.#ewma
    const square = logReturn * logReturn
    this.#ewma = {
      count: count + 1,
      value:
        count < barsInEstimate ? value + square / barsInEstimate : lambda * value + (1 - lambda) * square,
    }
  }

  #annual(window: RollingMoments, variance: (mean: number) => number): number | null {
    return annual(this.#perYear, window, variance)
  }

  #windows(): readonly RollingMoments[] {
    return [
      this.#parkinson,
      this.#garmanKlass,
      this.#rogersSatchell,
      this.#overnight,
      this.#openToClose,
      this.#adjacentRogersSatchell,
    ]
  }
}

/** Only the Garman-Klass estimate, bit for bit the same as among the others. */
export class GarmanKlass {
  readonly #perYear: number
  readonly #window = new RollingMoments(barsInEstimate)

  constructor(timeframe: Timeframe) {
    this.#perYear = barsPerYear[timeframe]
  }

  push({ open, high, low, close }: Prices): void {
    this.#window.push(garmanKlassTerm(Math.log(high / low), Math.log(close / open)))
  }

  clear(): void {
    this.#window.clear()
  }

  get value(): number | null {
    return annual(this.#perYear, this.#window, (mean) => mean)
  }
}

/** One bar's part of the variance, from ln(H/L) and ln(C/O); not below 0 except for rounding. */
export function garmanKlassTerm(range: number, body: number): number {
  return 0.5 * range * range - (2 * Math.LN2 - 1) * body * body
}

function annual(perYear: number, window: RollingMoments, variance: (mean: number) => number): number | null {
  if (window.count < barsInEstimate) return null
  // A sum of zeros can round to slightly below 0.
  return Math.sqrt(perYear * Math.max(0, variance(window.mean)))
}
