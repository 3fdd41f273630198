import type { Article14 } from './article-14.ts'
import { daysUntilBelow, type DecayPair, projectJis } from './decay.ts'
import type { Domain } from './interaction.ts'
import { type DimensionName, dimensionNames, type Parameters } from './parameters.ts'
import type { Figures, Trend } from './standing.ts'
import type { Withheld } from './score.ts'

/** The figures of a reply, and why they are placeholders if they are. */
export type ShownFigures = {
  readonly figures: Figures
  readonly withheld: Withheld | null
  /** Whether the figures are the operator's own: published ones or an early estimate. */
  readonly isReal: boolean
}

/** Value of an undefined dimension in a reply; `dimensions_computed` lists the defined ones. */
const undefinedDimension = 50
const target = 75
const watched: readonly DimensionName[] = ['deferral_resistance', 'deliberation_depth', 'decision_autonomy']

export type ReplyMode = 'full' | 'lite'

export function toDimensions(
  { figures }: ShownFigures,
  mode: ReplyMode,
): Readonly<Partial<Record<DimensionName, number>>> {
  return Object.fromEntries(
    namesOf(mode).map((name) => [
      name,
      figures.dimensions[dimensionNames.indexOf(name)] ?? undefinedDimension,
    ]),
  )
}

export function listComputed({ figures, isReal }: ShownFigures, mode: ReplyMode): readonly DimensionName[] {
  if (!isReal) return []
  return namesOf(mode).filter((name) => figures.dimensions[dimensionNames.indexOf(name)] !== null)
}

function namesOf(mode: ReplyMode): readonly DimensionName[] {
  return mode === 'lite' ? watched : dimensionNames
}

export type WireStatus = 'compliant' | 'at_risk' | 'non_compliant'

const horizons = [30, 90, 180, 365] as const

/** An illustration with constants from the literature, labelled so wherever it is shown (specification 6). */
export function toDecayProjection(
  { figures }: ShownFigures,
  domain: Domain,
  { alpha, beta }: DecayPair,
  { decay, threshold, bands }: Parameters,
) {
  const { jis, lambda } = figures
  const { floor } = decay
  const projections = horizons.map((days) => {
    const projected = projectJis(jis, lambda, days, floor)
    return {
      days,
      projected_jis: projected,
      compliance_status: toProjectedStatus(projected, threshold, bands[3]),
    }
  })
  const [in30, in90] = projections.map(({ projected_jis: projected }) => projected)
  return {
    current_jis: jis,
    current_trend: figures.trend,
    domain,
    decay_rate: alpha,
    decay_acceleration: beta,
    floor,
    recovery_rate: null,
    days_to_non_compliance: daysUntilBelow(jis, lambda, bands[3], floor),
    projections,
    lambda,
    days_to_threshold: daysUntilBelow(jis, lambda, threshold, floor),
    alpha,
    beta,
    projected_30d: in30 ?? jis,
    projected_90d: in90 ?? jis,
    horizon_days: 30,
    projected_jis: in30 ?? jis,
  }
}

function toProjectedStatus(jis: number, threshold: number, critical: number): WireStatus {
  if (jis >= threshold) return 'compliant'
  return jis >= critical ? 'at_risk' : 'non_compliant'
}

export type ActionRequired = 'none' | 'monitor' | 'practice' | 'second_reviewer' | 'collect_data'

export function toCompliance(
  { figures, withheld }: ShownFigures,
  article14: Article14,
  { threshold, bands }: Parameters,
) {
  const { jis, band } = figures
  return {
    band,
    status: toWireStatus(article14),
    jis,
    article14_met: article14 === 'compliant',
    action_required: toAction(jis, withheld, article14, threshold, bands[4]),
    thresholds: { current: jis, target, compliant_minimum: threshold, critical: bands[3] },
    article_14: article14,
    article_14_status: toOlderStatus(article14),
    threshold_min_jis: threshold,
  }
}

function toWireStatus(article14: Article14): WireStatus {
  if (article14 === 'compliant' || article14 === 'non_compliant') return article14
  return 'at_risk'
}

function toOlderStatus(article14: Article14): 'compliant' | 'non_compliant' | 'monitoring_required' {
  if (article14 === 'compliant' || article14 === 'non_compliant') return article14
  return 'monitoring_required'
}

function toAction(
  jis: number,
  withheld: Withheld | null,
  article14: Article14,
  threshold: number,
  impaired: number,
): ActionRequired {
  if (withheld !== null) return 'collect_data'
  if (jis < impaired) return 'second_reviewer'
  if (jis < threshold) return 'practice'
  return article14 === 'conditional' || jis < target ? 'monitor' : 'none'
}

export const urgencies = ['none', 'low', 'medium', 'high', 'critical'] as const

export type Urgency = (typeof urgencies)[number]

/** A recommendation of what the operator could practise; nothing is scheduled by it. */
export function toMaintenance({ figures, withheld, isReal }: ShownFigures, { threshold, bands }: Parameters) {
  const { jis, trend, practice, breachedFloors } = figures
  const isTriggered = isReal && practice !== null && (jis < target || trend === 'declining')
  if (!isTriggered)
    return {
      trigger_intervention: false,
      intervention_type: 'none' as const,
      urgency: 'none' as const,
      intervention_frequency: isReal ? (practice?.frequencyRatio ?? 0) : 0,
      recommend_withhold: false,
      reasons: listReasons(withheld),
      next_assessment: 'scheduled' as const,
      target_dimension: null,
      also: null,
      difficulty: isReal ? (practice?.difficulty ?? null) : null,
      suggest: null,
      disclosed: true,
      required: false,
    }
  const below = [target, threshold, bands[3], bands[4]].filter((edge) => jis < edge)
  return {
    trigger_intervention: true,
    intervention_type: practice.type,
    urgency: toUrgency(jis, trend),
    intervention_frequency: practice.frequencyRatio,
    recommend_withhold: practice.type === 'recommendation_withholding',
    reasons: [
      ...below.map((edge) => `below_${edge}`),
      ...(trend === 'declining' ? ['trend_declining'] : []),
      ...breachedFloors.map((name) => `floor:${name}`),
      `lowest:${practice.target}`,
    ],
    next_assessment: 'after_intervention' as const,
    target_dimension: practice.target,
    also: practice.also,
    difficulty: practice.difficulty,
    suggest: practice.suggest,
    disclosed: true,
    required: true,
  }
}

/** Why nothing is recommended: which data is missing. */
function listReasons(withheld: Withheld | null): string[] {
  return withheld === null ? [] : [withheld]
}

function toUrgency(jis: number, trend: Trend): Urgency {
  if (jis >= 75) return trend === 'declining' ? 'low' : 'none'
  if (jis >= 60) return 'low'
  if (jis >= 40) return 'medium'
  return jis >= 20 ? 'high' : 'critical'
}

/** The figures of a reply: published ones, an estimate if the organisation shows estimates, or placeholders. */
export function chooseFigures(
  published: Figures | null,
  estimate: Figures | null,
  withheld: Withheld | null,
  constant: Figures,
): ShownFigures {
  if (published !== null) return { figures: published, withheld: null, isReal: true }
  if (estimate !== null) return { figures: estimate, withheld, isReal: true }
  return { figures: constant, withheld, isReal: false }
}
