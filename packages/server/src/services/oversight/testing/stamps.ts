/** Scores that accept advice immediately, right or wrong; sixty of them raise an alert. */
export function toStamps(count: number) {
  return Array.from({ length: count }, (_, place) => {
    const isRight = place % 6 !== 0
    return {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 400,
      decision: 'accepted',
      modification_extent: 0,
      scenario_type: 'standard',
      hover_events: 0,
      scroll_depth: 0,
      alternative_views_checked: 0,
      outcome_correct: isRight,
      ai_correct: isRight,
    }
  })
}
