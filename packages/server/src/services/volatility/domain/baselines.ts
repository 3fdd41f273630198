import { filterChain, fitChain } from './hidden-markov.ts'
import { SortedWindow } from './quantiles.ts'
import { regimeCodes } from './regime-code.ts'
import type { BarRange } from './run-machine.ts'

// Baselines that the served methods are compared with. None of these is served.

const percentileWindow = 10_080
const percentileLeast = 1_440
const cusumWindow = 1_440
/** Scales a median absolute deviation to the standard deviation of a normal distribution. */
const normalMad = 1.4826

/** The share of the trailing 10,080 realised volatilities at or below the current one; NaN before there are 1,440. */
export function percentileDrive(rv: Float64Array): Float64Array {
  const window = new SortedWindow(percentileWindow)
  return rv.map((value) => {
    if (Number.isNaN(value)) return Number.NaN
    window.push(value)
    return window.length < percentileLeast ? Number.NaN : window.countUpTo(value) / window.length
  })
}

export type CusumParameters = { readonly k: number; readonly h: number }

/** The parameters tried in training. */
export const cusumGrid: readonly CusumParameters[] = [0.5, 1].flatMap((k) =>
  [5, 10, 20, 40].map((h) => ({ k, h })),
)

/** ln RV as deviations from the median of its trailing 1,440, in units of 1.4826 MAD; NaN before there are as many. */
export function robustScores(rv: Float64Array): Float64Array {
  const window = new SortedWindow(cusumWindow)
  return rv.map((value) => {
    if (!(value > 0)) return Number.NaN
    const ln = Math.log(value)
    window.push(ln)
    if (window.length < cusumWindow) return Number.NaN
    const spread = normalMad * window.medianDeviation()
    return spread === 0 ? Number.NaN : (ln - window.quantile(0.5)) / spread
  })
}

/**
 * Two-sided cumulative sums (Page 1954), each capped at 2h: high while the upper one is above h, low while the lower
 * one is. NaN leaves them unchanged.
 */
export function runCusum(
  scores: Float64Array,
  { from, to }: BarRange,
  { k, h }: CusumParameters,
): Uint8Array {
  let [upper, lower] = [0, 0]
  return Uint8Array.from({ length: to - from }, (_, index) => {
    const score = scores[from + index] ?? Number.NaN
    if (!Number.isNaN(score)) {
      upper = Math.min(2 * h, Math.max(0, upper + score - k))
      lower = Math.min(2 * h, Math.max(0, lower - score - k))
    }
    if (upper > h) return regimeCodes.high
    return lower > h ? regimeCodes.low : regimeCodes.normal
  })
}

const barsInMean = 10
const meansInARow = 3

/**
 * A hidden Markov chain on the logarithm of the mean Garman-Klass variance of 10 bars, fitted on the training part
 * and filtered over the test. A state is assigned after being the most probable for three means in a row. With two
 * states they are normal and high, never low. Returns regime codes for the bars of `test`.
 */
export function runHiddenMarkov(
  variances: Float64Array,
  { training, test }: { readonly training: BarRange; readonly test: BarRange },
  { states, seed }: { readonly states: 2 | 3; readonly seed: number },
): Uint8Array {
  const means = lnMeans(variances.subarray(training.from, test.to))
  const trained = Math.floor((training.to - training.from) / barsInMean)
  const chain = fitChain(means.subarray(0, trained), states, seed)
  const probable = filterChain(chain, means)
  const toRegime = (state: number): number => (states === 2 ? state + regimeCodes.normal : state)
  let regime: number = regimeCodes.normal
  const taken = probable.map((state, index) => {
    const isHeld =
      index >= meansInARow - 1 &&
      probable.subarray(index - meansInARow + 1, index + 1).every((one) => one === state)
    if (isHeld) regime = toRegime(state)
    return regime
  })
  // A mean is known at the end of its tenth bar.
  return Uint8Array.from({ length: test.to - test.from }, (_, bar) => {
    const known = Math.floor((test.from - training.from + bar + 1) / barsInMean) - 1
    return taken[known] ?? regimeCodes.normal
  })
}

function lnMeans(variances: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.floor(variances.length / barsInMean) }, (_, index) => {
    const block = variances.subarray(index * barsInMean, (index + 1) * barsInMean)
    const mean = block.reduce((sum, value) => sum + value, 0) / barsInMean
    return Math.log(Math.max(mean, 1e-16))
  })
}
