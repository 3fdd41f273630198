import { deliberationOf, isStamp, type TimeNorm } from './deliberation.ts'
import type { Decision, Interaction } from './interaction.ts'
import type { Parameters } from './parameters.ts'
import { roundTo } from './rounding.ts'

export type FactorName = keyof Parameters['drs']['weights']

/** One of the reasons why a decision is risky: how much of it there is (0 to 1) and how much it weighs. */
export type Factor = { readonly name: FactorName; readonly value: number; readonly weight: number }

/** What is known of the decision; null where nothing was sent. */
export type RiskInput = {
  /** The published score; null when withheld or under minimum data. */
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
  /** Null where nothing about the behaviour was measured. */
  readonly behaviour: Behaviour | null
}

/** `deliberation` in permille over what was measured. */
export type Behaviour = { readonly isStamp: boolean; readonly deliberation: number }

/** The decision risk score with the factors present, in the order in which they are multiplied (specification 7). */
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

/** What a flat body tells of the behaviour, over what was measured; a time that was not sent is no time, and no stamp. */
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
