import type { Sums } from './counters.ts'
import { rateDimensions, type RawDimension } from './dimensions.ts'
import type { Parameters } from './parameters.ts'
import { clip, roundTo } from './rounding.ts'
import { z95 } from './normal.ts'

export const bands = ['exemplary', 'proficient', 'adequate', 'at_risk', 'impaired', 'non_functional'] as const

/** How the shown number reads, best first; snake case on the wire, title case on screens. */
export type Band = (typeof bands)[number]

/** Why a number is not shown. */
export type Withheld = 'minimum_data' | 'outcomes_unknown'

/** What is known of a person's amount of data. */
export type DataAmount = {
  /** Counted interactions, unweighted. */
  readonly interactions: number
  /** UTC days since the earliest counted one. */
  readonly days: number
}

export type ScoredDimension = RawDimension & {
  /** After shrinkage towards the norm, unrounded; null when undefined. */
  readonly shrunk: number | null
  /** `shrunk` at 1 decimal: what everything that people read is made from. */
  readonly shown: number | null
}

export type Score = {
  /** Unrounded; null when fewer than half of the weights have a defined dimension, or none is about errors. */
  readonly value: number | null
  readonly standardError: number | null
  readonly dimensions: readonly ScoredDimension[]
  readonly minimumDataMet: boolean
  readonly withheld: Withheld | null
  /** At 1 decimal, of everything that is defined: what `early_estimates` may show. Null when nothing is. */
  readonly estimate: ShownScore | null
  /** The same, but null when withheld: what is published. */
  readonly published: ShownScore | null
  /** Weighted reliance trials. */
  readonly effectiveTrials: number
}

export type ShownScore = {
  readonly jis: number
  readonly interval: readonly [low: number, high: number]
  readonly band: Band
}

/** The towards-what of shrinkage, D1 to D7. */
export type Prior = readonly number[]

/** The independence score of weighted sums (specification 4.6). Same input, same bytes. */
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

/** The weighted mean of what is defined, and its error as if the dimensions' errors were fully correlated. */
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
