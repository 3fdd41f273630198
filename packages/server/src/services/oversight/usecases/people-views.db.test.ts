import { afterAll, beforeAll, expect, it } from 'vitest'
import { recommendPractice as recommendEndpoint } from '../contract/people-views.ts'
import { batchBody } from '../contract/scoring.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { toStamps } from '../testing/stamps.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { changeOperator, getSparkline, listInteractions, listOperators } from './people-views.ts'
import { recommendPractice } from './recommend-practice.ts'
import { scoreBatch } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function send(key: Caller, operatorId: string, interactions: readonly object[]): Promise<void> {
  const body = {
    session_id: `batch-${operatorId}`,
    operator_id: operatorId,
    domain: 'financial',
    interactions,
  }
  await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
}

const h80 = (operatorId: string) =>
  h80Bodies(test.clock.now(), operatorId).map(({ interaction }) => interaction)

const recommend = async (key: Caller, operatorId: string) =>
  recommendEndpoint.reply.schema.parse(
    await recommendPractice(test.deps, key, { operator_id: operatorId }, test.context()),
  )

it('practice-items-are-always-labelled: whatever is recommended is announced as practice, and cannot be otherwise', async () => {
  const key = await test.found()
  await send(key, 'h80', h80('h80'))
  await send(key, 'stamper', toStamps(60))
  for (const operatorId of ['h80', 'stamper']) {
    const { recommendation, exercises } = await recommend(key, operatorId)
    expect(recommendation).toMatchObject({ disclosed: true, trigger_intervention: true })
    expect(exercises.length).toBeGreaterThan(0)
    for (const { payload } of exercises)
      expect(payload).toMatchObject({
        disclosed: true,
        label: expect.stringMatching(/^Practice\./) as string,
      })
    for (const { description } of recommendation.exercises ?? []) expect(description).toMatch(/^Practice\./)
    expect(recommendation.summary).toContain('announced as practice')
  }
})

it('what is recommended follows the lowest dimension, as often as the score says', async () => {
  const key = await test.found()
  await send(key, 'h80', h80('h80'))
  const { recommendation, exercises } = await recommend(key, 'h80')
  expect(recommendation).toMatchObject({
    current_jis: 56.8,
    domain: 'financial',
    intervention_type: 'recommendation_withholding',
    target_dimension: 'deferral_resistance',
    frequency_ratio: 0.07,
    focus_dimensions: ['deferral_resistance', 'error_detection'],
    exercises: [{ type: 'recommendation_withholding', frequency: '1 in 14 decisions' }, {}, {}, {}],
  })
  expect(exercises.map(({ target_dimension: target }) => target)).toEqual([
    'deferral_resistance',
    'deferral_resistance',
    'error_detection',
    'error_detection',
  ])
})

it('small-samples-appear-nowhere: below the minimum nothing is recommended, drawn or listed of a person', async () => {
  const key = await test.found()
  await send(key, 'fresh', toStamps(49))
  await expect(recommend(key, 'fresh')).rejects.toMatchObject({ code: 'INSUFFICIENT_DATA' })
  await expect(recommend(key, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const { points } = await getSparkline(test.deps, key, 'fresh', { days: 90 }, test.context())
  expect(points.map(({ jis }) => jis)).toEqual([null])
  const { operators } = await listOperators(test.deps, key, { limit: 50 }, test.context())
  expect(operators).toMatchObject([
    {
      operator_id: 'fresh',
      domains: [{ displayed_jis: null, band: null, withheld: true, interactions: 49 }],
    },
  ])
  const inBand = await listOperators(test.deps, key, { limit: 50, band: 'at_risk' }, test.context())
  expect(inBand.operators).toEqual([])
})

it('operators are listed by last activity, in pages, and by band, role and alert', async () => {
  const key = await test.found()
  for (const operatorId of ['a', 'b', 'c']) {
    await send(key, operatorId, h80(operatorId))
    test.clock.advance(1_000)
  }
  await send(key, 'stamper', toStamps(60))
  const list = async (wish: object) => listOperators(test.deps, key, { limit: 50, ...wish }, test.context())
  const idsOf = async (wish: object) => (await list(wish)).operators.map(({ operator_id: id }) => id)
  expect(await idsOf({})).toEqual(['stamper', 'c', 'b', 'a'])
  const first = await list({ limit: 3 })
  expect(await idsOf({ limit: 3, cursor: first.next_cursor })).toEqual(['a'])
  expect(await idsOf({ band: 'at_risk' })).toEqual(['c', 'b', 'a'])
  await changeOperator(test.deps, key, 'b', { role_class: 'critical' }, test.context())
  expect(await idsOf({ role_class: 'critical' })).toEqual(['b'])
  expect(await idsOf({ has_alert: 'true' })).toContain('stamper')
})

it('a change of an operator is an entry, names what changed, and finds nobody of another organisation', async () => {
  const [key, stranger] = [await test.found(), await test.found()]
  await send(key, 'h80', h80('h80'))
  const wish = { notice_given_at: test.clock.now(), notice_version: '2' }
  const { operator } = await changeOperator(test.deps, key, 'h80', wish, test.context())
  expect(operator).toMatchObject({
    role_class: 'high_risk',
    notice_given_at: new Date(test.clock.now()).toISOString(),
    notice_version: '2',
  })
  await expect(changeOperator(test.deps, stranger, 'h80', wish, test.context())).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('interactions are listed newest first, within a span, and go on where the page ended', async () => {
  const key = await test.found()
  await send(key, 'h80', h80('h80'))
  const list = (wish: object) =>
    listInteractions(test.deps, key, 'h80', { limit: 50, ...wish }, test.context())
  const first = await list({})
  const second = await list({ cursor: first.next_cursor })
  const ids = [...first.interactions, ...second.interactions].map(({ interaction_id: id }) => id)
  expect(new Set(ids).size).toBe(80)
  expect(ids).toEqual(ids.toSorted().toReversed())
  expect(second.next_cursor).toBeNull()
  expect((await list({ since: test.clock.now() + 1 })).interactions).toEqual([])
  expect((await list({ until: test.clock.now() })).interactions).toEqual([])
})
