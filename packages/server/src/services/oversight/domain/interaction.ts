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

/** Whether the AI being wrong tells what was right: with two possible answers it does. */
export type TaskType = 'open' | 'binary'

/** One human decision with AI advice, as it is stored: fractions in permille, null where nothing was measured. */
export type Interaction = {
  readonly aiRecommendationPresented: boolean
  readonly aiAvailable: boolean
  /** Whole milliseconds, 0 to 86,400,000. */
  readonly timeToDecisionMs: number
  readonly decision: Decision
  /** Permille; counts for `modified` alone. */
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

/** A decision about advice that was there; every other one is an unaided trial (specification 4.3). */
export function isRelianceTrial(interaction: Interaction): boolean {
  return (
    interaction.aiRecommendationPresented &&
    interaction.aiAvailable &&
    interaction.decision !== 'independent' &&
    interaction.scenarioType !== 'independent'
  )
}

/** What passive wrappers send before the person acts: nobody decides in no time (wire 3.1). */
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

/** Whether it is in any counter yet: a deferral or a placeholder counts once a commit brings its decision. */
export function isCounted(interaction: Interaction, isClosed: boolean): boolean {
  return interaction.decision !== 'defer' && (isClosed || !isPlaceholder(interaction))
}
