import { type CounterName, counterNames, type CounterVector, positionOf } from './counters.ts'
import { deliberationOf, isStamp, isTelemetryFull, type TimeNorm } from './deliberation.ts'
import { type Interaction, isRelianceTrial, type TaskType } from './interaction.ts'
import { isWhole, judgeTruth, overrideOf } from './judge-truth.ts'
import type { Parameters } from './parameters.ts'
import { clip, permille } from './rounding.ts'

/** The parameters under which an interaction is counted; fixed at its receipt. */
export type CountingRule = {
  readonly parameters: Parameters
  readonly norm: TimeNorm
  readonly taskType: TaskType
  readonly stampMs: number
}

/** In permille: from this weight on, the person counts as having discovered the AI's error. */
const discoveredFrom = 500

/**
 * The integers that one interaction adds to the counters. They depend only on its inputs, the rule at its receipt and
 * its tag (specification 4.3). `isPostError`: whether it followed a discovered error.
 */
export function countInteraction(
  interaction: Interaction,
  rule: CountingRule,
  isPostError: boolean,
): CounterVector {
  const vector = counterNames.map(() => 0)
  const add = (name: CounterName, amount: number): void => {
    const position = positionOf.get(name)
    if (position === undefined) throw new Error(`There is no counter ${name}`)
    vector[position] = (vector[position] ?? 0) + amount
  }
  add('all', 1)
  const isAided = isRelianceTrial(interaction)
  if (!isAided || interaction.scenarioType !== 'standard') add('practice', 1)
  const truth = judgeTruth(interaction, rule.taskType)
  if (truth.own !== null) {
    add('own', 1)
    add('own_ok', Number(truth.own))
  }
  if (!isAided) {
    if (truth.final !== null) {
      add('ind', 1)
      add('ind_ok', Number(truth.final))
    }
    return vector
  }

  const a = overrideOf(interaction)
  const q = deliberationOf(interaction, rule.norm, rule.parameters.deliberation)
  const { initialDecision } = interaction
  add('rel', 1)
  add('a', a)
  add('q', q)
  add('q2', q * q)
  if (isPostError) {
    add('post', 1)
    add('post_q', q)
  }
  if (truth.ai?.wrong === true) {
    const { weight } = truth.ai
    add('n1', weight)
    add('a1', weight * a)
    if (initialDecision?.agreesWithAi !== true) {
      add('nd1', weight)
      add('ad1', weight * a)
    }
    if (weight >= discoveredFrom) add('disc', 1)
    if (isPostError) {
      add('post_n1', weight)
      add('post_a1', weight * a)
    }
  }
  if (truth.ai?.wrong === false) {
    add('n0', 1)
    add('a0', a)
    if (initialDecision?.agreesWithAi === false) {
      add('nd0', 1)
      add('ad0', a)
    }
    if (isPostError) {
      add('post_n0', 1)
      add('post_a0', a)
    }
  }
  if (truth.final !== null) {
    add('fin', 1)
    add('fin_ok', Number(truth.final))
    add('ov', a)
    if (truth.final) add('ov_ok', a)
    if (interaction.operatorConfidence !== null) {
      add('conf', 1)
      add('brier', (interaction.operatorConfidence - 1_000 * Number(truth.final)) ** 2)
    }
  }
  if (interaction.decision === 'accepted' && isTelemetryFull(interaction)) {
    add('acc', 1)
    add('stamp', Number(isStamp(interaction, rule.stampMs, rule.parameters.stamp.scroll_below)))
  }
  addWeightOfAdvice(interaction, add)
  if (!isWhole(truth.ai)) return vector
  const isFollowed = a < rule.parameters.reliance.follow_below * 1_000
  if (truth.ai.wrong) add(isFollowed ? 'r11' : 'r10', 1)
  else add(isFollowed ? 'r01' : 'r00', 1)
  if (
    truth.own !== null &&
    truth.final !== null &&
    initialDecision !== null &&
    interaction.scenarioType !== 'trap'
  ) {
    const cell =
      16 * Number(initialDecision.agreesWithAi) +
      8 * Number(truth.own) +
      4 * Number(!truth.ai.wrong) +
      2 * Number(isFollowed) +
      Number(truth.final)
    add(`j${cell}`, 1)
  }
  return vector
}

/** Whether the interaction shows that the AI was wrong; the trials after it are then post-error trials. */
export function isDiscoveredError(interaction: Interaction, taskType: TaskType): boolean {
  const { ai } = judgeTruth(interaction, taskType)
  return ai !== null && ai.wrong && ai.weight >= discoveredFrom
}

function addWeightOfAdvice(
  { initialDecision }: Interaction,
  add: (name: CounterName, amount: number) => void,
): void {
  const values = initialDecision?.values
  if (values === undefined || values === null || values.aiValue === values.value) return
  // Halved before subtracting, because the difference of two finite numbers can overflow to infinity.
  const start = values.value / 2
  const moved = (values.finalValue / 2 - start) / (values.aiValue / 2 - start)
  const v = clip(permille(moved), 0, 1_000)
  add('woa', 1)
  add('woa_s', v)
  add('woa_s2', v * v)
}
