import type { Sums } from './counters.ts'
import { rateDimensions, type RawDimension } from './dimensions.ts'
import type { Parameters } from './parameters.ts'
import { clip, roundTo } from './rounding.ts'
import { z95 } from './normal.ts'

export const bands = ['exemplary', 'proficient', 'adequate', 'at_risk', 'impaired', 'non_functional'] as const

/** Label of the shown score, best first: snake case on the wire, title case on screens. */
export type Band = (typeof bands)[number]

/** Why a score is withheld. */
export type Withheld = 'minimum_data' | 'outcomes_unknown'

/** The amount of an operator's data. */
export type DataAmount = {
  /** Number of counted interactions, unweighted. */
  readonly interactions: number
  /** Number of UTC days since the earliest counted interaction. */
  readonly days: number
}

export type ScoredDimension = RawDimension & {
  /** The value after shrinkage towards the norm, unrounded; null if undefined. */
  readonly shrunk: number | null
  /** `shrunk` at 1 decimal; everything shown to people is derived from it. */
  readonly shown: number | null
}

export type Score = {
  /** Unrounded; null if the defined dimensions carry less than half of the weight, or none of them is about errors. */
  readonly value: number | null
  readonly standardError: number | null
  readonly dimensions: readonly ScoredDimension[]
  readonly minimumDataMet: boolean
  readonly withheld: Withheld | null
  /**
   * At 1 decimal, over all defined dimensions; shown if the organisation enables `early_estimates`. Null if none is
   * defined.
   */
  readonly estimate: ShownScore | null
  /** The same figure, but null if withheld: the published score. */
  readonly published: ShownScore | null
  /** Number of reliance trials, weighted by recency. */
  readonly effectiveTrials: number
}

export type ShownScore = {
  readonly jis: number
  readonly interval: readonly [low: number, high: number]
  readonly band: Band
}

/** The values towards which D1 to D7 are shrunk. */
export type Prior = readonly number[]

/** The independence score of weighted sums (specification 4.6). Deterministic: the same input gives the same bytes. */
export function score(sums: Sums, prior: Prior, amount: DataAmount, parameters: Parameters): Score {
  const dimensions = rateDimensions(sums, parameters).map((raw, at) => shrink(raw, at, prior, parameters))
  const weightsMet = sumOverDefined(dimensions, (_, at) => parameters.weights[at] ?? 0)
  const isAboutErrors = dimensions[0]?.value != null || dimensions[1]?.value != null
  const isKnown = weightsMet >= 0.5 && isAboutErrors
  const minimumDataMet = isMinimumMet(amount, parameters)
  const composed = weightsMet === 0 ? null : compose(dimensions, weightsMet, parameters)
  const estimate = composed === null ? null : toShown(composed, parameters)
  const withheld = judgeWithheld(minimumDataMet, isKnown)
  return {
    value: isKnown && composed !== null ? composed.value : null,
    standardError: isKnown && composed !== null ? composed.standardError : null,
    dimensions,
    minimumDataMet,
    withheld,
    estimate,
    published: withheld === null ? estimate : null,
    effectiveTrials: sums.rel,
  }
}

export function isMinimumMet({ interactions, days }: DataAmount, { minimum }: Parameters): boolean {
  return (
    interactions >= minimum.interactions ||
    (interactions >= minimum.interactions_by_days && days >= minimum.days)
  )
}

export function toBand(shownJis: number, { bands: edges }: Parameters): Band {
  const at = edges.findIndex((edge) => shownJis >= edge)
  return (at === -1 ? bands.at(-1) : bands[at]) ?? 'non_functional'
}

function judgeWithheld(minimumDataMet: boolean, isKnown: boolean): Withheld | null {
  if (!minimumDataMet) return 'minimum_data'
  return isKnown ? null : 'outcomes_unknown'
}

function shrink(raw: RawDimension, at: number, prior: Prior, { shrink_k: ks }: Parameters): ScoredDimension {
  if (raw.value === null) return { ...raw, shrunk: null, shown: null }
  const k = ks[at] ?? 0
  const shrunk = (raw.n * raw.value + k * (prior[at] ?? 50)) / (raw.n + k)
  return { ...raw, shrunk, shown: roundTo(shrunk, 1) }
}

type Composed = { readonly value: number; readonly standardError: number }

/** The weighted mean of the defined dimensions, with its error as if their errors were fully correlated. */
function compose(
  dimensions: readonly ScoredDimension[],
  weightsMet: number,
  { weights, shrink_k: ks, true_sd: deviations }: Parameters,
): Composed {
  const value = sumOverDefined(dimensions, ({ shrunk }, at) => (weights[at] ?? 0) * (shrunk ?? 0))
  const error = sumOverDefined(dimensions, ({ n }, at) => {
    const k = ks[at] ?? 0
    return (weights[at] ?? 0) * (deviations[at] ?? 0) * Math.sqrt(k / (n + k))
  })
  return { value: value / weightsMet, standardError: error / weightsMet }
}

function sumOverDefined(
  dimensions: readonly ScoredDimension[],
  term: (dimension: ScoredDimension, at: number) => number,
): number {
  return dimensions.reduce(
    (sum, dimension, at) => (dimension.value === null ? sum : sum + term(dimension, at)),
    0,
  )
}

function toShown({ value, standardError }: Composed, parameters: Parameters): ShownScore {
  const jis = roundTo(value, 1)
  const reach = z95 * standardError
  return {
    jis,
    interval: [roundTo(clip(value - reach, 0, 100), 1), roundTo(clip(value + reach, 0, 100), 1)],
    band: toBand(jis, parameters),
  }
}
