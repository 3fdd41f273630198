import { afterAll, beforeAll, expect, it } from 'vitest'
import { exerciseEndpoints } from '../contract/exercises.ts'
import { recommendPractice as recommendEndpoint } from '../contract/people-views.ts'
import { batchBody } from '../contract/scoring.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { payloadsOf } from '../testing/people.ts'
import { toStamps } from '../testing/stamps.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { addExercise, listExercises, removeExercise } from './exercises.ts'
import { changeOperator, getSparkline, listInteractions, listOperators } from './people-views.ts'
import { recommendPractice } from './recommend-practice.ts'
import { scoreBatch } from './score.ts'

const [, addEndpoint] = exerciseEndpoints
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

const ownExercise = {
  title: 'Read the limits first',
  description: 'Name what the model cannot know.',
  target_dimension: 'error_detection',
  estimated_minutes: 10,
  steps: ['Read the case.', 'Write what the model cannot know.'],
} as const

const add = async (key: Caller, body: object = {}) =>
  addEndpoint.reply.schema.parse(
    await addExercise(test.deps, key, addEndpoint.body.parse({ ...ownExercise, ...body }), test.context()),
  )

const listOwn = async (key: Caller) =>
  (await listExercises(test.deps, key, test.context())).exercises.filter(({ own }) => own)

it('practice-items-are-always-labelled: an exercise of one’s own is recommended beside the others, and labelled like them', async () => {
  const [key, other] = [await test.found(), await test.found()]
  await send(key, 'h80', h80('h80'))
  const { exercise } = await add(key)
  const { exercises } = await recommend(key, 'h80')
  const label = expect.stringMatching(/^Practice\./) as string
  expect(exercises.at(-1)).toMatchObject({ id: exercise.id, payload: { disclosed: true, label } })
  expect((await listExercises(test.deps, key, test.context())).exercises).toHaveLength(15)
  expect(await listOwn(key)).toMatchObject([{ id: exercise.id, payload: { disclosed: true, label } }])
  expect(await listOwn(other)).toEqual([])
  await expect(removeExercise(test.deps, other, exercise.id, test.context())).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await removeExercise(test.deps, key, exercise.id, test.context())
  expect(await listOwn(key)).toEqual([])
  expect((await recommend(key, 'h80')).exercises.map(({ id }) => id)).not.toContain(exercise.id)
  for (const id of [exercise.id, 'answer-then-look'])
    await expect(removeExercise(test.deps, key, id, test.context())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
})

it('that an exercise was added, or removed, is an entry', async () => {
  const key = await test.found()
  const { exercise } = await add(key)
  await removeExercise(test.deps, key, exercise.id, test.context())
  for (const action of ['EXERCISE_ADDED', 'EXERCISE_REMOVED'])
    expect(JSON.stringify(await payloadsOf(test, key, action))).toContain(exercise.id)
})

it('an organisation has 50 exercises of its own at most, also when two are added at once', async () => {
  const key = await test.found()
  for (let count = 0; count < 49; count += 1) await add(key)
  const added = await Promise.allSettled([add(key), add(key)])
  expect(added.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(add(key)).rejects.toMatchObject({ code: 'EXERCISE_LIMIT_REACHED' })
  expect(await listOwn(key)).toHaveLength(50)
})

it.each([
  ['a title of which nothing is seen', { title: '\u200b' }, 'title'],
  ['a description over two lines', { description: 'a\nb' }, 'description'],
  ['a dimension that there is not', { target_dimension: 'luck' }, 'target_dimension'],
  ['no time at all', { estimated_minutes: 0 }, 'estimated_minutes'],
  ['more than four hours', { estimated_minutes: 241 }, 'estimated_minutes'],
  ['half a minute', { estimated_minutes: 0.5 }, 'estimated_minutes'],
  ['no step', { steps: [] }, 'steps'],
  ['eleven steps', { steps: Array.from({ length: 11 }, () => 'x') }, 'steps'],
  ['an empty step', { steps: ['x', ' '] }, 'steps'],
  ['fewer than no cases', { needs_cases: -1 }, 'needs_cases'],
  ['a way to disguise it', { disclosed: false }, 'disclosed'],
])('an exercise with %s is refused by its field', (_what, body, field) => {
  const parsed = addEndpoint.body.safeParse({ ...ownExercise, ...body })
  expect(JSON.stringify(parsed.error?.issues)).toContain(`"${field}"`)
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
      domains: [{ displayed_jis: null, jis_interval: null, band: null, withheld: true, interactions: 49 }],
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
  expect((await list({ band: 'at_risk' })).operators[0]?.domains).toMatchObject([
    { domain: 'financial', displayed_jis: 56.8, jis_interval: [41.9, 71.7] },
  ])
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
