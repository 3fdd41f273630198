import { z95 } from './normal.ts'
import { clip, roundTo } from './rounding.ts'

export type Limits = { readonly low: number; readonly high: number }

/** The method of an interval; named beside each figure. */
export type IntervalMethod =
  | 'wilson'
  | 'delta'
  | 'normal'
  | 'adjusted_paired'
  | 'newcombe'
  | 'jackknife'
  | 'bootstrap_cases'

/** Wilson's score interval of a proportion; exactly 0 and 1 at its ends. */
export function wilson(successes: number, n: number): Limits {
  const p = successes / n
  const z2 = z95 * z95
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n)
  const half = (z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n)
  return { low: successes === 0 ? 0 : centre - half, high: successes === n ? 1 : centre + half }
}

/** How often each value of −1, 0, 1 and 2 occurred. */
export type PairedCounts = { readonly n: number; readonly sum: number; readonly sumOfSquares: number }

/**
 * The adjusted interval of a mean of paired differences (Bonett and Price 2012): one pseudo-trial at −1 and one at +1
 * are added. The point estimate stays the plain mean.
 */
export function adjustedPaired({ n, sum, sumOfSquares }: PairedCounts): Limits {
  const mean = sum / (n + 2)
  const variance = (sumOfSquares + 2) / (n + 2) - mean * mean
  const half = z95 * Math.sqrt(variance / (n + 2))
  return { low: mean - half, high: mean + half }
}

/** Newcombe's interval of a difference of two independent proportions: square and add two Wilson intervals. */
export function newcombe(a: Proportion, b: Proportion): Limits {
  const [pa, pb] = [a.successes / a.n, b.successes / b.n]
  const [wa, wb] = [wilson(a.successes, a.n), wilson(b.successes, b.n)]
  const difference = pa - pb
  return {
    low: difference - Math.hypot(pa - wa.low, wb.high - pb),
    high: difference + Math.hypot(wa.high - pa, pb - wb.low),
  }
}

export type Proportion = { readonly successes: number; readonly n: number }

export function clipLimits({ low, high }: Limits, least: number, most: number): Limits {
  return { low: clip(low, least, most), high: clip(high, least, most) }
}

/** Limits as they are shown: 4 decimals. */
export function roundLimits({ low, high }: Limits): Limits {
  return { low: roundTo(low, 4), high: roundTo(high, 4) }
}

/**
 * The delete-one-group jackknife of an estimate: `whole` ± t·√((G−1)/G Σ(θ₍g₎ − θ̄)²), t with G − 1 degrees of freedom
 * below 29 of them. Null with fewer than two groups.
 */
export function jackknife(whole: number, withoutOne: readonly number[]): Limits | null {
  const groups = withoutOne.length
  if (groups < 2) return null
  const mean = withoutOne.reduce((sum, value) => sum + value, 0) / groups
  const squares = withoutOne.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half = studentT95(groups - 1) * Math.sqrt(((groups - 1) / groups) * squares)
  return { low: whole - half, high: whole + half }
}

/** The 0.975 quantile of Student's t; from 29 degrees of freedom on the normal one. */
export function studentT95(degreesOfFreedom: number): number {
  return studentQuantiles[degreesOfFreedom - 1] ?? z95
}

// Degrees of freedom 1 to 28.
const studentQuantiles = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
  2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614,
  2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407,
]
