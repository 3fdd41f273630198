import { type Article14, judgeArticle14, listBreachedFloors } from './article-14.ts'
import { toNaturalUnits, toSums } from './counters.ts'
import { type DecayPair, decayRate, toDecayShares } from './decay.ts'
import type { Domain } from './interaction.ts'
import { daysOfData, type OperatorState } from './operator-state.ts'
import type { DimensionName, Parameters } from './parameters.ts'
import { type PracticeRecommendation, recommendPractice } from './practice.ts'
import { roundTo } from './rounding.ts'
import { type Band, type Prior, type Score, score, toBand } from './score.ts'
import { teamGain } from './team-gain.ts'

export const trends = ['stable', 'declining', 'improving'] as const

export type Trend = (typeof trends)[number]

/** The figures behind replies, screens and alerts; all are rounded as shown. */
export type Figures = {
  readonly jis: number
  readonly interval: readonly [low: number, high: number] | null
  readonly band: Band
  /** D1 to D7 at 1 decimal; null where undefined. */
  readonly dimensions: readonly (number | null)[]
  /** Per month, at 12 decimals. */
  readonly lambda: number
  readonly trend: Trend
  /** Points of change since the last published value that is 28 to 90 days older; null if there is none. */
  readonly drift: number | null
  readonly practice: PracticeRecommendation | null
  readonly breachedFloors: readonly DimensionName[]
}

/** An operator's standing in a domain: a pure function of state, norm and settings. */
export type Standing = {
  readonly domain: Domain
  readonly score: Score
  readonly article14: Article14
  readonly decay: DecayPair
  /** Null if withheld. */
  readonly published: Figures | null
  /** From the defined dimensions, whether or not the score is withheld; null if none is defined. */
  readonly estimate: Figures | null
  readonly stampShare: { readonly value: number; readonly n: number }
}

export type StandingRule = {
  readonly domain: Domain
  readonly prior: Prior
  readonly decay: DecayPair
  readonly parameters: Parameters
}

/** The earlier published value that the trend is computed against. */
export type EarlierValue = { readonly jis: number } | null

export function judgeStanding(state: OperatorState, earlier: EarlierValue, rule: StandingRule): Standing {
  const { domain, prior, decay, parameters } = rule
  const sums = toNaturalUnits(state.sums)
  const amount = { interactions: state.counted, days: daysOfData(state) }
  const scored = score(sums, prior, amount, parameters)
  const gain = teamGain(toSums(state.window), parameters.reliance.trials_min)
  const shares = toDecayShares(sums)
  const lambda = decayRate(shares, decay, parameters.decay)
  const { estimate, standardError } = scored
  const figures =
    estimate === null ? null : toFigures({ ...estimate, standardError }, scored, lambda, earlier, parameters)
  return {
    domain,
    score: scored,
    article14: judgeArticle14(scored, gain && { high: gain.limits.high, n: gain.n }, parameters),
    decay,
    published: scored.withheld === null ? figures : null,
    estimate: figures,
    stampShare: { value: shares.stamps, n: sums.acc },
  }
}

function toFigures(
  shown: { jis: number; interval: readonly [number, number]; band: Band; standardError: number | null },
  scored: Score,
  lambda: number,
  earlier: EarlierValue,
  parameters: Parameters,
): Figures {
  const { jis, interval, band, standardError } = shown
  const dimensions = scored.dimensions.map((dimension) => dimension.shown)
  const drift = earlier === null ? null : roundTo(jis - earlier.jis, 1)
  return {
    jis,
    interval,
    band,
    dimensions,
    lambda,
    trend: judgeTrend(drift, standardError ?? 0),
    drift,
    practice: recommendPractice(jis, dimensions),
    breachedFloors: listBreachedFloors(scored, parameters),
  }
}

/** A change counts only if it exceeds both two points and the score's own error. */
function judgeTrend(drift: number | null, standardError: number): Trend {
  const least = Math.max(2, standardError)
  if (drift === null || Math.abs(drift) <= least) return 'stable'
  return drift > 0 ? 'improving' : 'declining'
}

/** Placeholders for withheld figures: constants that do not depend on anybody's data (wire 2). */
export function withheldFigures(decay: DecayPair, parameters: Parameters): Figures {
  return {
    jis: 50,
    interval: null,
    band: toBand(50, parameters),
    dimensions: [50, 50, 50, 50, 50, 50, 50],
    lambda: decay.beta,
    trend: 'stable',
    drift: null,
    practice: null,
    breachedFloors: [],
  }
}
