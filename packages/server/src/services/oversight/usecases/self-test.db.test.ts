import { afterAll, beforeAll, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { reportOutcome } from './change-score.ts'
import { getProfile } from './get-profile.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight
beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const body = scoreBody.parse({
  session_id: 'sess-001',
  operator_id: 'analyst-42',
  domain: 'financial',
  interaction: {
    ai_recommendation_presented: true,
    ai_available: true,
    time_to_decision_ms: 4_200,
    decision: 'accepted',
    modification_extent: 0,
    scenario_type: 'standard',
  },
})

it('a-build-with-another-model-never-scores, and what was scored before can be read', async () => {
  const key = await test.found()
  await scoreInteraction(test.deps, key, body, 'full', test.context())
  const wrong = { ...test.deps, modelFaults: ['A: a stamper'] }
  const refusal = { code: 'SERVICE_UNAVAILABLE', status: 503, retryAfterSeconds: 60 }
  const next = { ...body, session_id: 'sess-002' }
  await expect(scoreInteraction(wrong, key, next, 'full', test.context())).rejects.toMatchObject(refusal)
  const outcome = { outcome_correct: true, ai_correct: null }
  await expect(reportOutcome(wrong, key, 'sess-001', outcome, test.context())).rejects.toMatchObject(refusal)
  const profile = await getProfile(wrong, key, 'analyst-42', { window: '90' }, test.context())
  expect(profile.profile.total_interactions).toBe(1)
})
