import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchBody } from '../contract/scoring.ts'
import { organizationReply, profileReply } from '../contract/views.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { getOrganization } from './get-organization.ts'
import { getProfile } from './get-profile.ts'
import { getScore } from './read-scores.ts'
import { scoreBatch } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function sendH80(key: Caller, operatorId: string, count = 80): Promise<void> {
  const interactions = h80Bodies(test.clock.now(), operatorId)
    .slice(0, count)
    .map(({ interaction, session_id: sessionId }) => ({
      ...interaction,
      session_id: `${operatorId}:${sessionId}`,
    }))
  const body = {
    session_id: `batch-${operatorId}`,
    operator_id: operatorId,
    domain: 'financial',
    interactions,
  }
  await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
}

const all = { window: '90' } as const

describe('a profile', () => {
  it('is that of the published example', async () => {
    const key = await test.found()
    await sendH80(key, 'h80')
    const reply = profileReply.parse(await getProfile(test.deps, key, 'h80', all, test.context()))
    expect(reply).toMatchObject({
      displayed_jis: 56.8,
      domain: 'financial',
      profile: {
        current_jis: 56.8,
        jis_median: 56.8,
        trend: 'stable',
        weakest_dimensions: [
          { dimension: 'deferral_resistance', average_score: 47.5 },
          { dimension: 'error_detection', average_score: 51.2 },
        ],
        strongest_dimensions: [
          { dimension: 'decision_autonomy', average_score: 69.4 },
          { dimension: 'independent_performance', average_score: 68.7 },
        ],
        statistics: {
          total_interactions: 80,
          accuracy_percent: 85.9,
          average_decision_time_ms: 7_710,
          trap_detection_rate: null,
          independent_accuracy: null,
        },
        n_by_dimension: {
          deferral_resistance: 8.2,
          error_detection: 16.1,
          independent_performance: 61.6,
          deliberation_depth: 58.2,
          post_error_recalibration: 28.9,
          domain_confidence: 57.4,
          decision_autonomy: 58.2,
        },
        evidence_mix: { n: 80, asserted: 1, anchored: 0, attested: 0, n_open: 0, n_deferred: 0 },
        role_class: 'high_risk',
      },
      jis_history: [{ jis: 56.8, band: 'at_risk' }],
      reliance: {
        window_days: 90,
        over_reliance: { value: 0.6364, n: 11, n_seeded: 4, low: 0.3538, high: 0.8483, method: 'wilson' },
        under_reliance: { value: 0.0351, n: 57, n_seeded: 0, low: 0.0097, high: 0.1192 },
        team_gain: {
          value: -0.0167,
          n: 60,
          basis: 'initial_decision',
          against: 'ai',
          own_accuracy: 0.75,
          ai_accuracy: 0.9,
          final_accuracy: 0.8833,
        },
      },
    })
    const ever = await getProfile(test.deps, key, 'h80', { window: 'all' }, test.context())
    expect({ ...ever.reliance, window_days: 90 }).toEqual(reply.reliance)
  })

  it('small-samples-appear-nowhere: below the minimum it carries the constant and no reliance', async () => {
    const key = await test.found()
    await sendH80(key, 'new', 19)
    const reply = await getProfile(test.deps, key, 'new', all, test.context())
    expect(reply).toMatchObject({
      displayed_jis: null,
      profile: {
        current_jis: 50,
        withheld: 'minimum_data',
        weakest_dimensions: [],
        evidence_mix: null,
        n_by_dimension: null,
        statistics: { total_interactions: 19, accuracy_percent: null, average_decision_time_ms: 0 },
      },
      jis_history: [],
    })
    expect(
      Object.values(reply.reliance).filter((figure) => figure !== null && typeof figure === 'object'),
    ).toEqual(Array.from({ length: 11 }, () => ({ value: null, n: 0, low: null, high: null, method: null })))
  })

  it('an operator of another organisation is one who never was', async () => {
    const key = await test.found()
    await sendH80(key, 'h80')
    const stranger = await test.found()
    await expect(getProfile(test.deps, stranger, 'h80', all, test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(getScore(test.deps, stranger, 'h80:h80-000', test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('an organisation', () => {
  it('of four people shows no figure, of five the pooled ones with intervals over people', async () => {
    const key = await test.found()
    const read = async () =>
      organizationReply.parse(await getOrganization(test.deps, key, all, test.context()))
    for (const person of ['a', 'b', 'c', 'd']) await sendH80(key, person)
    expect(await read()).toMatchObject({
      withheld: 'minimum_data',
      team_gain: null,
      reliance: null,
      dashboard: {
        operator_count: 4,
        org_jis_average: 50,
        mean_jis: null,
        compliance_status: 'insufficient_data',
      },
      coverage: { outcomes_known: 0.9861 },
      by_domain: [],
    })
    await sendH80(key, 'e')
    expect(await read()).toMatchObject({
      domain: 'financial',
      withheld: null,
      withheld_count: 0,
      dashboard: {
        operator_count: 5,
        mean_jis: 56.8,
        distribution: { at_risk: 5 },
        interactions_last_30d: 400,
        compliance_status: 'non_compliant',
      },
      // Five people who all did the same differ by nothing.
      reliance: {
        over_reliance: { value: 0.6364, n: 55, n_seeded: 20, low: 0.6364, high: 0.6364, method: 'jackknife' },
      },
      evidence_mix: { n: 400, asserted: 1 },
      by_domain: [
        {
          domain: 'financial',
          operators: 5,
          decisions: 400,
          team_gain: { value: -0.0167, ai_accuracy: 0.9 },
        },
      ],
    })
  })
})

it('a session is read as it was counted, with the receipt of its newest event', async () => {
  const key = await test.found()
  await sendH80(key, 'h80')
  const { interactions } = await getScore(test.deps, key, 'h80:h80-001', test.context())
  expect(interactions).toHaveLength(1)
  expect(interactions[0]).toMatchObject({
    session_id: 'h80:h80-001',
    operator_id: 'h80',
    state: 'open',
    inputs: { decision: 'accepted', hover_events: 1, scroll_depth: 0.2 },
    shown: { jis: null, withheld: 'minimum_data' },
    receipt: { kind: 'batch', seq: 1 },
  })
})
