import { type Interaction, isRelianceTrial, type TaskType } from './interaction.ts'

/** Who was right, if known: unknown is never converted to right, wrong or zero. */
export type Truth = {
  readonly ai: AiTruth
  readonly final: boolean | null
  readonly own: boolean | null
}

/** `weight` is in permille: an improved answer is only partial evidence that the advice was wrong. */
export type AiTruth = { readonly wrong: boolean; readonly weight: number } | null

const whole = 1_000

/** Applies the rules of specification 4.3 in their order. */
export function judgeTruth(interaction: Interaction, taskType: TaskType): Truth {
  if (!isRelianceTrial(interaction))
    return { ai: null, final: interaction.outcomeCorrect, own: interaction.outcomeCorrect }
  const ai = judgeAi(interaction, taskType)
  return { ai, final: judgeFinal(interaction, ai), own: judgeOwn(interaction, ai, taskType) }
}

export function isWhole(ai: AiTruth): ai is { readonly wrong: boolean; readonly weight: 1_000 } {
  return ai !== null && ai.weight === whole
}

/** How far the person deviated from the advice, in permille. */
export function overrideOf({ decision, modificationExtent }: Interaction): number {
  if (decision === 'rejected') return 1_000
  return decision === 'modified' ? modificationExtent : 0
}

function judgeAi(interaction: Interaction, taskType: TaskType): AiTruth {
  const { scenarioType, aiCorrect, initialDecision, decision, outcomeCorrect } = interaction
  if (scenarioType === 'trap') return { wrong: true, weight: whole }
  if (aiCorrect !== null) return { wrong: !aiCorrect, weight: whole }
  if (initialDecision !== null && initialDecision.agreesWithAi && initialDecision.correct !== null)
    return { wrong: !initialDecision.correct, weight: whole }
  if (outcomeCorrect === null) return null
  if (decision === 'accepted') return { wrong: !outcomeCorrect, weight: whole }
  if (decision === 'rejected') {
    if (outcomeCorrect) return { wrong: true, weight: whole }
    return taskType === 'binary' ? { wrong: false, weight: whole } : null
  }
  const extent = overrideOf(interaction)
  return outcomeCorrect && extent > 0 ? { wrong: true, weight: extent } : null
}

function judgeFinal({ outcomeCorrect, decision }: Interaction, ai: AiTruth): boolean | null {
  if (outcomeCorrect !== null) return outcomeCorrect
  return decision === 'accepted' && isWhole(ai) ? !ai.wrong : null
}

function judgeOwn({ initialDecision }: Interaction, ai: AiTruth, taskType: TaskType): boolean | null {
  if (initialDecision === null) return null
  if (initialDecision.correct !== null) return initialDecision.correct
  if (!isWhole(ai)) return null
  if (initialDecision.agreesWithAi) return !ai.wrong
  return taskType === 'binary' ? ai.wrong : null
}
