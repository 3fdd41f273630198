import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organizationReply } from '../contract/views.ts'
import { observedCallBody } from '../contract/telemetry.ts'
import { scoreBody } from '../contract/scoring.ts'
import { memberOf, payloadsOf, sendH80 } from '../testing/people.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { eraseOperator } from './erase-operator.ts'
import { foldCoverage, getAgreement, getCoverage } from './get-coverage.ts'
import { getOrganization } from './get-organization.ts'
import { scoreInteraction } from './score.ts'
import { observeCall } from './telemetry.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const dayMs = 86_400_000
const requestId = (at: number): string => `request-${String(at).padStart(12, '0')}`

const interaction = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'accepted',
  modification_extent: 0,
  scenario_type: 'standard',
}

const observe = (key: Caller, at: number, more: object = {}) =>
  observeCall(
    test.deps,
    key,
    observedCallBody.parse({
      request_id: requestId(at),
      provider: 'openai',
      model: 'gpt',
      source: 'app',
      ...more,
    }),
    test.context(),
  )

const score = (key: Caller, more: object, decision: object = {}) =>
  scoreInteraction(
    test.deps,
    key,
    scoreBody.parse({
      session_id: 'sess-001',
      operator_id: 'analyst-42',
      domain: 'financial',
      interaction: { ...interaction, ...decision },
      ...more,
    }),
    'full',
    test.context(),
  )

const coverage = (key: Caller, more: object = {}) => getCoverage(test.deps, key, more, test.context())

describe('coverage-counts-each-call-once', () => {
  it('before and after it is final, however often it is told of, and however often it was decided about', async () => {
    const key = await test.found()
    for (let at = 0; at < 12; at += 1) await observe(key, at, at < 4 ? { provider: 'other' } : {})
    expect(await observe(key, 0)).toMatchObject({ accepted: true, duplicate: true })
    for (let at = 0; at < 9; at += 1) await score(key, { request_id: requestId(at) })
    // The same call decided about twice, and a decision about one that nobody saw.
    await score(key, { request_id: requestId(0), session_id: 'sess-002' })
    await score(key, { request_id: requestId(99) })
    const expected = {
      observed: 12,
      matched: 9,
      value: 0.75,
      low: 0.4677,
      high: 0.9111,
      scored_unobserved: 1,
      unmatched_ids: [9, 10, 11].map(requestId),
    }
    expect(await coverage(key)).toMatchObject(expected)
    expect(await foldCoverage(test.deps)).toBe(0)
    test.clock.advance(dayMs + 1)
    expect(await foldCoverage(test.deps)).toBe(12)
    expect(await foldCoverage(test.deps)).toBe(0)
    expect(await coverage(key)).toMatchObject(expected)
    expect((await coverage(key, { group: 'provider' })).groups).toMatchObject([
      { group: 'openai', observed: 8, matched: 5, value: null },
      { group: 'other', observed: 4, matched: 4, value: null },
    ])
    expect((await coverage(key, { group: 'day' })).groups).toMatchObject([{ observed: 12, matched: 9 }])
    // Whoever decided can be erased; that somebody did stays counted.
    await eraseOperator(test.deps, memberOf(key), 'analyst-42', test.context())
    expect(await coverage(key)).toMatchObject({
      observed: 12,
      matched: 9,
      unmatched_ids: [9, 10, 11].map(requestId),
    })
    expect(await coverage(await test.found())).toMatchObject({ observed: 0, value: null, unmatched_ids: [] })
    test.clock.advance(-dayMs - 1)
  })

  it('a decision a day before or after is near enough, a millisecond more is not', async () => {
    const key = await test.found()
    await score(key, { request_id: requestId(1) })
    await score(key, { request_id: requestId(2), session_id: 'sess-002' })
    test.clock.advance(dayMs)
    await observe(key, 1)
    test.clock.advance(1)
    await observe(key, 2)
    expect(await coverage(key)).toMatchObject({ observed: 2, matched: 1, unmatched_ids: [requestId(2)] })
    test.clock.advance(-dayMs - 1)
  })

  it('stands in the organisation’s panel', async () => {
    const key = await test.found()
    for (let at = 0; at < 10; at += 1) await observe(key, at)
    await score(key, { request_id: requestId(0) })
    const reply = organizationReply.parse(
      await getOrganization(test.deps, key, { window: '90' }, test.context()),
    )
    expect(reply.coverage.calls).toMatchObject({ observed: 10, matched: 1, value: 0.1, method: 'wilson' })
    expect(reply.agreement).toBeNull()
  })
})

describe('agreement-vectors-hold', () => {
  /** Krippendorff's four observers and twelve units; a dash is no rating. */
  const observers = [
    '1 2 3 3 2 1 4 1 2 - - -',
    '1 2 3 3 2 2 4 1 2 5 - 3',
    '- 3 3 3 2 3 4 2 2 5 1 -',
    '1 2 3 3 2 4 4 1 2 5 1 -',
  ]

  it('from scores with cases and labels to the published alpha; practice, deferrals and second tries left out', async () => {
    const key = await test.found()
    for (const [who, ratings] of observers.entries())
      for (const [unit, label] of ratings.split(' ').entries()) {
        if (label === '-') continue
        const about = { operator_id: `rater-${who}`, case_id: `case-${String(unit).padStart(2, '0')}` }
        await score(key, { ...about, label, session_id: `r${who}-${unit}` })
        // A second try of the same case, a practice item and a deferral are no ratings.
        if (unit === 0) await score(key, { ...about, label: '9', session_id: `r${who}-again` })
      }
    await score(
      key,
      { operator_id: 'rater-0', case_id: 'case-09', label: '9', session_id: 'practice' },
      { scenario_type: 'split' },
    )
    await score(
      key,
      { operator_id: 'rater-0', case_id: 'case-10', label: '9', session_id: 'deferred' },
      { decision: 'defer' },
    )
    const reply = await getAgreement(test.deps, key, { domain: 'financial' }, test.context())
    expect(reply).toMatchObject({
      cases: 11,
      ratings: 40,
      raters: 4,
      alpha: { value: 0.7434, n: 11, low: 0.4219, high: 0.9376, method: 'bootstrap_cases' },
      kappa: null,
    })
  })

  it('small-samples-appear-nowhere: two people below the minimum are not compared, whoever asks', async () => {
    const key = await test.found()
    for (const who of ['rater-0', 'rater-1'])
      await score(key, { operator_id: who, case_id: 'case-1', session_id: who })
    const reads: Caller = { ...key, scopes: ['organization:read', 'operators:read'] }
    const pair = { domain: 'financial', rater_a: 'rater-0', rater_b: 'rater-1' } as const
    await expect(getAgreement(test.deps, reads, pair, test.context())).rejects.toMatchObject({
      code: 'INSUFFICIENT_DATA',
    })
    await expect(getAgreement(test.deps, key, pair, test.context())).rejects.toMatchObject({
      code: 'FORBIDDEN_SCOPE',
    })
  })

  it('two named people with enough decisions get a kappa, and both see that somebody looked', async () => {
    const key = await test.found()
    await sendH80(test, key, 'ann')
    await sendH80(test, key, 'ben')
    const pairs = [
      ...Array.from({ length: 20 }, () => ['yes', 'yes']),
      ...Array.from({ length: 5 }, () => ['yes', 'no']),
      ...Array.from({ length: 10 }, () => ['no', 'yes']),
      ...Array.from({ length: 15 }, () => ['no', 'no']),
    ]
    for (const [at, [a, b]] of pairs.entries()) {
      const caseId = `case-${String(at).padStart(2, '0')}`
      await score(key, { operator_id: 'ann', case_id: caseId, label: a, session_id: `a-${at}` })
      await score(key, { operator_id: 'ben', case_id: caseId, label: b, session_id: `b-${at}` })
    }
    const reads: Caller = { ...key, scopes: ['organization:read', 'operators:read'] }
    const pair = { domain: 'financial', rater_a: 'ann', rater_b: 'ben' } as const
    expect(await getAgreement(test.deps, reads, pair, test.context())).toMatchObject({
      cases: 50,
      kappa: { value: 0.4, n: 50, low: 0.1366, high: 0.64 },
      alpha: { value: 0.4, low: 0.1232, high: 0.64 },
    })
    expect(await payloadsOf(test, key, 'PROFILE_VIEWED')).toHaveLength(2)
  })
})
