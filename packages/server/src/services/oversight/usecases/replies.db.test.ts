import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import type { ReplyMode } from '../domain/score-blocks.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { getProfile } from './get-profile.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const score = (key: KeyPrincipal, body: object, mode: ReplyMode = 'full') =>
  scoreInteraction(test.deps, key, scoreBody.parse(body), mode, test.context())

const careful = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 60_000,
  decision: 'rejected',
  modification_extent: 1,
  scenario_type: 'standard',
  hover_events: 9,
  scroll_depth: 1,
  alternative_views_checked: 5,
  outcome_correct: true,
}
const hasty = {
  ...careful,
  time_to_decision_ms: 400,
  decision: 'accepted',
  modification_extent: 0,
  hover_events: 0,
  scroll_depth: 0,
  alternative_views_checked: 0,
  outcome_correct: false,
}
const of = (operator_id: string, session_id: string, interaction: object) => ({
  session_id,
  operator_id,
  domain: 'financial',
  interaction,
})

describe('withheld-constant-is-the-same-for-everybody', () => {
  it('in every member of a score that a client needs as a number, whatever was sent', async () => {
    const key = await test.found()
    const replies = []
    for (const [at, interaction] of [careful, hasty, hasty, careful].entries())
      replies.push(await score(key, of(at < 2 ? `op-${at}` : 'op-1', `s-${at}`, interaction)))
    const constants = replies.map((reply) => ({
      jis: reply.jis,
      displayed_jis: reply.displayed_jis,
      dimensions: reply.dimensions,
      dimensions_computed: reply.dimensions_computed,
      decay_projection: reply.decay_projection,
      compliance: reply.compliance,
      maintenance_recommendation: reply.maintenance_recommendation,
      cognition_probes: reply.cognition_probes,
      jis_interval: reply.jis_interval,
      n_effective: reply.n_effective,
    }))
    expect(new Set(constants.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(constants[0]).toMatchObject({ jis: 50, displayed_jis: null, dimensions_computed: [] })
    expect(new Set(Object.values(constants[0]?.dimensions ?? {}))).toEqual(new Set([50]))
  })

  it('and in a profile', async () => {
    const key = await test.found()
    await score(key, of('careful', 's-1', careful))
    await score(key, of('hasty', 's-2', hasty))
    const shown = await Promise.all(
      ['careful', 'hasty'].map(async (operator) => {
        const { profile, displayed_jis, jis_history, reliance } = await getProfile(
          test.deps,
          key,
          operator,
          { window: '90' },
          test.context(),
        )
        const { operator_id: _id, first_seen: _first, last_seen: _last, ...rest } = profile
        return JSON.stringify({ ...rest, displayed_jis, jis_history, reliance })
      }),
    )
    expect(shown[0]).toBe(shown[1])
  })
})

it('lite-and-full-carry-the-same-score, and a lite reply is only shorter', async () => {
  const [lite, full] = await Promise.all(
    (['lite', 'full'] as const).map(async (mode) => {
      const key = await test.found()
      const bodies = h80Bodies(test.clock.now())
      for (const body of bodies.slice(0, -1)) await score(key, body)
      return score(key, bodies.at(-1) ?? {}, mode)
    }),
  )
  expect([lite?.mode, full?.mode, full?.jis]).toEqual(['lite', 'full', 56.8])
  const keys = [
    'jis',
    'displayed_jis',
    'jis_interval',
    'n_effective',
    'band',
    'compliance',
    'decay_projection',
  ] as const
  for (const name of keys) expect(lite?.[name]).toEqual(full?.[name])
  expect(Object.keys(lite?.dimensions ?? {}).toSorted()).toEqual([
    'decision_autonomy',
    'deferral_resistance',
    'deliberation_depth',
  ])
  expect(full?.dimensions).toMatchObject(lite?.dimensions ?? {})
  expect(lite?.cognition_probes).toBeNull()
  expect(full?.cognition_probes).not.toBeNull()
})
