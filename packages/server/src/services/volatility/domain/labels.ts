import { quantileOfSorted, SortedWindow } from './quantiles.ts'
import { barsPerYear, type Timeframe } from './timeframe.ts'

/** The number of returns after a bar that its label uses. */
export const returnsAhead = 30
/** The number of bars on each side that a label averages over. */
const smoothing = 7
/** The number of later bars that a label depends on. */
export const barsAhead = returnsAhead + smoothing
/** The number of realised volatilities that a local label is compared with. */
const localWindow = 1_440

/** Per bar: a regime code, or −1 without a label. */
export type Labels = Int8Array
export const noLabel = -1
const [low, normal, high] = [0, 1, 2]

/**
 * F of each bar: the sample deviation of the next 30 returns, annualised; NaN if one is missing. It looks ahead on
 * purpose: regimes are evaluated against it, and it is never used in live output.
 */
export function volatilityAhead(timeframe: Timeframe, returns: Float64Array): Float64Array {
  const scale = Math.sqrt(barsPerYear[timeframe])
  const ahead = new Float64Array(returns.length).fill(Number.NaN)
  for (let bar = 0; bar + returnsAhead < returns.length; bar += 1) {
    const window = returns.subarray(bar + 1, bar + 1 + returnsAhead)
    let sum = 0
    for (const value of window) sum += value
    const mean = sum / returnsAhead
    let squares = 0
    for (const value of window) squares += (value - mean) ** 2
    ahead[bar] = Math.sqrt(squares / (returnsAhead - 1)) * scale
  }
  return ahead
}

/** S of each bar: the mean of F from 7 bars before to 7 bars after; NaN where one of them is missing. */
export function smoothAhead(ahead: Float64Array): Float64Array {
  const smooth = new Float64Array(ahead.length).fill(Number.NaN)
  for (let bar = smoothing; bar + smoothing < ahead.length; bar += 1) {
    let sum = 0
    for (const value of ahead.subarray(bar - smoothing, bar + smoothing + 1)) sum += value
    smooth[bar] = sum / (2 * smoothing + 1)
  }
  return smooth
}

export type LabelLevels = { readonly q10: number; readonly q90: number }

/** The levels of global labels, from the S of the given bars. */
export function globalLevels(smooth: Float64Array): LabelLevels {
  const sorted = smooth.filter((value) => !Number.isNaN(value)).toSorted()
  return { q10: quantileOfSorted(sorted, 0.1), q90: quantileOfSorted(sorted, 0.9) }
}

/** The label of one bar: high from q90 on, low down to q10. */
export function labelOf(smooth: number, { q10, q90 }: LabelLevels): number {
  if (Number.isNaN(smooth)) return noLabel
  if (smooth >= q90) return high
  return smooth <= q10 ? low : normal
}

export function globalLabels(smooth: Float64Array, levels: LabelLevels): Labels {
  return Int8Array.from(smooth, (value) => labelOf(value, levels))
}

/** Labels relative to the last 1,440 realised volatilities; none before there are as many. */
export function localLabels(smooth: Float64Array, rv: Float64Array): Labels {
  const window = new SortedWindow(localWindow)
  return Int8Array.from(smooth, (value, bar) => {
    const now = rv[bar] ?? Number.NaN
    if (!Number.isNaN(now)) window.push(now)
    if (Number.isNaN(now) || window.length < localWindow) return noLabel
    return labelOf(value, { q10: window.quantile(0.1), q90: window.quantile(0.9) })
  })
}
