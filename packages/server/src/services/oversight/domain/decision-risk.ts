import { deliberationOf, isStamp, type TimeNorm } from './deliberation.ts'
import type { Decision, Interaction } from './interaction.ts'
import type { Parameters } from './parameters.ts'
import { roundTo } from './rounding.ts'

export type FactorName = keyof Parameters['drs']['weights']

/** One risk factor with its value (0 to 1) and its weight. */
export type Factor = { readonly name: FactorName; readonly value: number; readonly weight: number }

/** The facts about the decision; null where the caller sent nothing. */
export type RiskInput = {
  /** The published score; null if withheld or below minimum data. */
  readonly operatorJis: number | null
  /** 0 to 1. */
  readonly stakes: number
  /** 0 to 1. */
  readonly modelConfidence: number | null
  /** Null in a gate body, where nobody has decided yet. */
  readonly human: HumanDecision | null
}

export type HumanDecision = {
  readonly decision: Decision
  /** Permille. */
  readonly modificationExtent: number
  /** Null if no behaviour was measured. */
  readonly behaviour: Behaviour | null
}

/** `deliberation` is in permille, over the terms that were measured. */
export type Behaviour = { readonly isStamp: boolean; readonly deliberation: number }

/** The decision risk score and its factors, in the order in which they are multiplied (specification 7). */
export type DecisionRisk = { readonly score: number; readonly factors: readonly Factor[] }

export function rateDecision(input: RiskInput, { drs }: Parameters): DecisionRisk {
  const { weights } = drs
  const factors: Factor[] = [
    {
      name: 'operator',
      value: input.operatorJis === null ? drs.unknown_operator : 1 - input.operatorJis / 100,
      weight: weights.operator,
    },
  ]
  const behaviour = input.human === null ? null : behaviourFactor(input.human)
  if (behaviour !== null) factors.push({ name: 'behaviour', value: behaviour, weight: weights.behaviour })
  factors.push({ name: 'stakes', value: input.stakes, weight: weights.stakes })
  if (input.modelConfidence !== null)
    factors.push({ name: 'model', value: 1 - input.modelConfidence, weight: weights.model })
  if (input.human !== null)
    factors.push({ name: 'disagreement', value: disagreementOf(input.human), weight: weights.disagreement })
  const spared = factors.reduce((product, { value, weight }) => product * (1 - weight * value), 1)
  return { score: roundTo(1 - spared, 4), factors }
}

/**
 * The behaviour reported in a flat body, over the terms that were measured. Without a time, the time term is absent
 * and the decision is no stamp.
 */
export function toBehaviour(
  interaction: Interaction,
  isTimed: boolean,
  norm: TimeNorm,
  stampMs: number,
  parameters: Parameters,
): Behaviour | null {
  const { hoverEvents, scrollDepth, alternativeViewsChecked } = interaction
  const isLookedAt = hoverEvents !== null || scrollDepth !== null || alternativeViewsChecked !== null
  if (!isTimed && !isLookedAt) return null
  return {
    isStamp: isTimed && isStamp(interaction, stampMs, parameters.stamp.scroll_below),
    deliberation: deliberationOf(interaction, norm, parameters.deliberation, isTimed),
  }
}

function behaviourFactor({ decision, behaviour }: HumanDecision): number | null {
  if (decision !== 'accepted') return 0
  if (behaviour === null) return null
  return behaviour.isStamp ? 1 : 1 - behaviour.deliberation / 1_000
}

function disagreementOf({ decision, modificationExtent }: HumanDecision): number {
  if (decision === 'rejected') return 1
  return decision === 'modified' ? modificationExtent / 1_000 : 0
}
