/** Bodies whose scores are known answers of the specification (section 7). */
export const flatAuto = {
  operator_id: 'analyst-42',
  domain: 'financial',
  decision: 'modified',
  modification_extent: 0.31,
}

export const flatMustReview = {
  operator_id: 'pilot-7',
  domain: 'aviation',
  decision: 'accepted',
  modification_extent: 0,
  time_to_decision_ms: 400,
  model_confidence: 0.6,
}

export const gateAsync = {
  model: { provider: 'openai', name: 'gpt' },
  domain: 'aviation',
  model_confidence: 0.6,
}
