import { historyH80 } from '../domain/history-h80.ts'

const dayMs = 86_400_000

/** Request bodies that send the specification's history H80 to `POST /v1/score`. */
export function h80Bodies(nowMs: number, operatorId = 'h80') {
  return historyH80.map(({ sessionId, daysBefore, interaction }) => ({
    session_id: sessionId,
    operator_id: operatorId,
    domain: 'financial',
    interaction: {
      ai_recommendation_presented: interaction.aiRecommendationPresented,
      ai_available: interaction.aiAvailable,
      time_to_decision_ms: interaction.timeToDecisionMs,
      decision: interaction.decision,
      modification_extent: interaction.modificationExtent / 1_000,
      scenario_type: interaction.scenarioType,
      outcome_correct: interaction.outcomeCorrect,
      hover_events: interaction.hoverEvents,
      scroll_depth: interaction.scrollDepth === null ? null : interaction.scrollDepth / 1_000,
      alternative_views_checked: interaction.alternativeViewsChecked,
      ai_correct: interaction.aiCorrect,
      operator_confidence:
        interaction.operatorConfidence === null ? null : interaction.operatorConfidence / 1_000,
      initial_decision:
        interaction.initialDecision === null
          ? null
          : {
              agrees_with_ai: interaction.initialDecision.agreesWithAi,
              correct: interaction.initialDecision.correct,
            },
      client_ts: new Date(nowMs - daysBefore * dayMs).toISOString(),
    },
  }))
}
