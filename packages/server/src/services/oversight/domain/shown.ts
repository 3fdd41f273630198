import type { Article14 } from './article-14.ts'
import type { DimensionName, Parameters } from './parameters.ts'
import { recommendPractice } from './practice.ts'
import { roundTo } from './rounding.ts'
import { toBand, type Withheld } from './score.ts'
import type { Figures, Standing, Trend } from './standing.ts'

/**
 * The shown result of an event, as its receipt commits to it: null if withheld, never the placeholder. All other
 * reply members are functions of these values (specification 4.6).
 */
export type Shown = {
  readonly jis: number | null
  readonly interval: readonly [low: number, high: number] | null
  readonly dimensions: readonly (number | null)[]
  readonly lambda: number | null
  readonly stamp_share: number | null
  readonly trend: Trend | null
  readonly drift: number | null
  /** Dimensions that are below their floor on enough evidence. */
  readonly floors: readonly DimensionName[]
  readonly n_effective: number | null
  readonly minimum_data_met: boolean
  readonly withheld: Withheld | null
  readonly article_14: Article14
}

export function toShown({ published, score, article14, stampShare }: Standing): Shown {
  return {
    jis: published?.jis ?? null,
    interval: published?.interval ?? null,
    dimensions: published?.dimensions ?? [null, null, null, null, null, null, null],
    lambda: published?.lambda ?? null,
    stamp_share: published === null ? null : roundTo(stampShare.value, 4),
    trend: published?.trend ?? null,
    drift: published?.drift ?? null,
    floors: published?.breachedFloors ?? [],
    n_effective: published === null ? null : roundTo(score.effectiveTrials, 1),
    minimum_data_met: score.minimumDataMet,
    withheld: score.withheld,
    article_14: article14,
  }
}

/** The figures that a shown result stands for; null if it was withheld. */
export function toFigures(shown: Shown, parameters: Parameters): Figures | null {
  const { jis, interval, dimensions, lambda, trend, drift, floors } = shown
  if (jis === null || lambda === null || trend === null) return null
  return {
    jis,
    interval,
    band: toBand(jis, parameters),
    dimensions,
    lambda,
    trend,
    drift,
    practice: recommendPractice(jis, dimensions),
    breachedFloors: floors,
  }
}
