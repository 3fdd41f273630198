export const domains = [
  'healthcare',
  'aviation',
  'financial',
  'legal',
  'pharmaceutical',
  'general',
  'employment',
  'education',
  'housing',
  'insurance',
  'government',
] as const

/** The field that a decision belongs to; this order breaks ties. */
export type Domain = (typeof domains)[number]

export const decisions = ['accepted', 'modified', 'rejected', 'independent', 'defer'] as const

export type Decision = (typeof decisions)[number]

export const scenarioTypes = ['standard', 'independent', 'trap', 'split'] as const

/** `independent`: advice withheld; `split`: own answer first, then advice; `trap`: a seeded error, announced. */
export type ScenarioType = (typeof scenarioTypes)[number]

/** Whether knowing that the AI was wrong reveals the right answer: true for two possible answers. */
export type TaskType = 'open' | 'binary'

/** One human decision with AI advice as stored: fractions in permille, null where nothing was measured. */
export type Interaction = {
  readonly aiRecommendationPresented: boolean
  readonly aiAvailable: boolean
  /** Whole milliseconds, 0 to 86,400,000. */
  readonly timeToDecisionMs: number
  readonly decision: Decision
  /** In permille; used only for `modified`. */
  readonly modificationExtent: number
  readonly scenarioType: ScenarioType
  readonly outcomeCorrect: boolean | null
  readonly hoverEvents: number | null
  /** Permille. */
  readonly scrollDepth: number | null
  readonly alternativeViewsChecked: number | null
  readonly aiCorrect: boolean | null
  /** Permille. */
  readonly operatorConfidence: number | null
  readonly initialDecision: InitialDecision | null
}

/** The person's own answer before the advice. */
export type InitialDecision = {
  readonly agreesWithAi: boolean
  readonly correct: boolean | null
  readonly values: AnswerValues | null
}

export type AnswerValues = { readonly value: number; readonly aiValue: number; readonly finalValue: number }

/** Whether advice was present; all other decisions are unaided trials (specification 4.3). */
export function isRelianceTrial(interaction: Interaction): boolean {
  return (
    interaction.aiRecommendationPresented &&
    interaction.aiAvailable &&
    interaction.decision !== 'independent' &&
    interaction.scenarioType !== 'independent'
  )
}

/** Whether it is the placeholder that passive wrappers send before the person acts: a decision time of 0 (wire 3.1). */
export function isPlaceholder(interaction: Interaction): boolean {
  return interaction.timeToDecisionMs === 0 && isPlaceholderButForTime(interaction)
}

export function isPlaceholderButForTime(interaction: Interaction): boolean {
  return (
    interaction.decision === 'accepted' &&
    interaction.modificationExtent === 0 &&
    interaction.hoverEvents === 0 &&
    interaction.scrollDepth === 0 &&
    interaction.alternativeViewsChecked === 0 &&
    interaction.outcomeCorrect === null
  )
}

/** Whether it is in the counters: a deferral or a placeholder counts only after a commit brings its decision. */
export function isCounted(interaction: Interaction, isClosed: boolean): boolean {
  return interaction.decision !== 'defer' && (isClosed || !isPlaceholder(interaction))
}
