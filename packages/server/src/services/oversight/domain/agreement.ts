import { mulberry32 } from './mulberry32.ts'
import type { Metric } from './reliance.ts'
import { roundTo } from './rounding.ts'

/** The ratings of one case: the category by the person who gave it. Cases are in the order of their ids. */
export type RatedCase = ReadonlyMap<string, string>

const casesMin = 10
const resamples = 2_000
const bootstrapSeed = 1

/**
 * Krippendorff's α for nominal categories, any number of raters and missing ratings (Krippendorff 2011), with a bootstrap
 * interval over cases; null below 10 cases with two ratings.
 */
export function krippendorffAlpha(cases: readonly RatedCase[]): Metric {
  const paired = cases.map((ratings) => [...ratings.values()]).filter((ratings) => ratings.length >= 2)
  const indexes = toIndexes(paired)
  const prepared = paired.map((ratings): PreparedCase => {
    const counts = Array.from({ length: indexes.size }, () => 0)
    for (const category of ratings) {
      const index = indexes.get(category) ?? 0
      counts[index] = (counts[index] ?? 0) + 1
    }
    const m = ratings.length
    const alike = counts.reduce((pairs, count) => pairs + count * (count - 1), 0)
    return { m, disagreement: (m * (m - 1) - alike) / (m - 1), counts }
  })
  return withBootstrap(prepared, (sample) => alphaOf(sample, indexes.size))
}

/** Cohen's κ of two raters (Cohen 1960) over the cases that both rated. */
export function cohenKappa(cases: readonly RatedCase[], raterA: string, raterB: string): Metric {
  const paired = cases.flatMap((ratings) => {
    const [a, b] = [ratings.get(raterA), ratings.get(raterB)]
    return a === undefined || b === undefined ? [] : [[a, b] as const]
  })
  const indexes = toIndexes(paired)
  const prepared = paired.map(([a, b]) => [indexes.get(a) ?? 0, indexes.get(b) ?? 0] as const)
  return withBootstrap(prepared, (sample) => kappaOf(sample, indexes.size))
}

/** The number of cases with at least two ratings, and the number of those ratings. */
export function countRatings(cases: readonly RatedCase[]): {
  readonly cases: number
  readonly ratings: number
  readonly raters: number
} {
  const paired = cases.filter((ratings) => ratings.size >= 2)
  return {
    cases: paired.length,
    ratings: paired.reduce((count, ratings) => count + ratings.size, 0),
    raters: new Set(paired.flatMap((ratings) => [...ratings.keys()])).size,
  }
}

/** A case reduced to what the resampling needs, because each case is read thousands of times. */
type PreparedCase = {
  /** Number of ratings. */
  readonly m: number
  /** Number of ordered pairs that differ, divided by m − 1. */
  readonly disagreement: number
  /** Number of ratings by category. */
  readonly counts: readonly number[]
}

/** An index for each category, in order of first appearance. */
function toIndexes(cases: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>()
  for (const category of cases.flat()) if (!indexes.has(category)) indexes.set(category, indexes.size)
  return indexes
}

function alphaOf(cases: readonly PreparedCase[], categories: number): number | null {
  const totals = new Float64Array(categories)
  let [observed, n] = [0, 0]
  for (const { m, disagreement, counts } of cases) {
    observed += disagreement
    n += m
    for (let index = 0; index < categories; index += 1)
      totals[index] = (totals[index] ?? 0) + (counts[index] ?? 0)
  }
  const squares = totals.reduce((sum, count) => sum + count * count, 0)
  const expected = (n * n - squares) / (n - 1)
  return expected === 0 ? null : 1 - observed / expected
}

function kappaOf(cases: readonly (readonly [a: number, b: number])[], categories: number): number | null {
  const n = cases.length
  const [byA, byB] = [new Float64Array(categories), new Float64Array(categories)]
  let alike = 0
  for (const [a, b] of cases) {
    if (a === b) alike += 1
    byA[a] = (byA[a] ?? 0) + 1
    byB[b] = (byB[b] ?? 0) + 1
  }
  const byChance = byA.reduce((sum, count, category) => sum + count * (byB[category] ?? 0), 0)
  if (byChance === n * n) return null
  const expected = byChance / (n * n)
  return (alike / n - expected) / (1 - expected)
}

/** Percentile bootstrap that resamples whole cases (Efron 1979): ratings of one case stay together. */
function withBootstrap<Case>(
  cases: readonly Case[],
  statisticOf: (sample: readonly Case[]) => number | null,
): Metric {
  const n = cases.length
  const value = n < casesMin ? null : statisticOf(cases)
  if (value === null) return { value: null, n, low: null, high: null, method: null }
  const draw = mulberry32(bootstrapSeed)
  const kept: number[] = []
  for (let resample = 0; resample < resamples; resample += 1) {
    // Safe: a draw is below 1, so that the index is one of a case.
    const statistic = statisticOf(cases.map(() => cases[Math.floor(draw() * n)] as Case))
    if (statistic !== null) kept.push(statistic)
  }
  kept.sort((a, b) => a - b)
  const at = (share: number): number => kept[Math.ceil(share * kept.length) - 1] ?? value
  return {
    value: roundTo(value, 4),
    n,
    low: roundTo(at(0.025), 4),
    high: roundTo(at(0.975), 4),
    method: 'bootstrap_cases',
  }
}
