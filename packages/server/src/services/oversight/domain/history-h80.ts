import type { Interaction } from './interaction.ts'

/**
 * One interaction of the history H80, with which the model is verified (specification 4.8), and its days before the
 * last.
 */
export type HistoryItem = {
  readonly sessionId: string
  readonly daysBefore: number
  readonly interaction: Interaction
}

/** The 80 interactions in the order in which they were sent. */
export const historyH80: readonly HistoryItem[] = Array.from({ length: 80 }, (_, i) => ({
  sessionId: `h80-${String(i).padStart(3, '0')}`,
  daysBefore: 19 - Math.floor(i / 4),
  interaction: toInteraction(i),
}))

function toInteraction(i: number): Interaction {
  const looked = {
    timeToDecisionMs: 800 + 137 * ((i * i) % 97),
    hoverEvents: i % 4,
    scrollDepth: (i % 6) * 200,
    alternativeViewsChecked: i % 3,
    aiRecommendationPresented: true,
  }
  if (i % 10 === 9)
    return {
      ...looked,
      aiAvailable: false,
      decision: 'independent',
      modificationExtent: 0,
      scenarioType: 'independent',
      outcomeCorrect: i % 4 !== 1,
      aiCorrect: null,
      operatorConfidence: null,
      initialDecision: null,
    }
  const isTrap = i % 20 === 14
  const ai = !isTrap && i % 7 !== 3
  const own = i % 5 !== 2
  const agrees = ai === own
  const accepts = agrees || (own ? i % 3 === 0 : i % 4 !== 0)
  const split = i % 8 === 0 ? 'split' : 'standard'
  const departed = i % 2 === 0 ? 'rejected' : 'modified'
  return {
    ...looked,
    aiAvailable: true,
    decision: accepts ? 'accepted' : departed,
    modificationExtent: !accepts && departed === 'modified' ? 600 : 0,
    scenarioType: isTrap ? 'trap' : split,
    outcomeCorrect: i % 11 === 5 ? null : accepts ? ai : !ai,
    aiCorrect: i % 3 === 0 && !isTrap ? ai : null,
    operatorConfidence: i % 6 === 0 ? 10 * (50 + 5 * (i % 9)) : null,
    initialDecision: i % 20 === 4 ? null : { agreesWithAi: agrees, correct: own, values: null },
  }
}
