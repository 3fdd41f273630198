import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { batchBody, scoreBody } from '../contract/scoring.ts'
import { oversightPolicy } from '../policy.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { createScoreGroups, type RecordScores } from './score-groups.ts'
import { scoreBatch, scoreInteraction } from './score.ts'
import { verifyOwnChain } from './verify-chain.ts'

let test: TestOversight
let record: RecordScores
/** How many transactions decided something. */
let commits = 0

beforeAll(async () => {
  test = await startTestOversight()
  const { audit } = test.deps
  const counted = {
    ...audit,
    append: (...entries: Parameters<typeof audit.append>) => {
      commits += 1
      return audit.append(...entries)
    },
  }
  record = createScoreGroups({ ...test.deps, audit: counted })
})
afterAll(() => test.database.drop())

const toBody = (at: number, operator = `op-${at % 7}`) => ({
  session_id: `s-${at}`,
  operator_id: operator,
  domain: 'financial',
  interaction: {
    ai_recommendation_presented: true,
    ai_available: true,
    time_to_decision_ms: 4_200,
    decision: 'modified',
    modification_extent: 0.3,
    scenario_type: 'standard',
  },
})

const score = (key: KeyPrincipal, body: object) =>
  scoreInteraction(test.deps, key, scoreBody.parse(body), 'full', test.context(), record)

it('scores that come together share transactions, and each has an entry and a receipt of its own', async () => {
  const key = await test.found()
  commits = 0
  const replies = await Promise.all(Array.from({ length: 300 }, (_one, at) => score(key, toBody(at))))
  expect(commits).toBeLessThan(100)
  expect(new Set(replies.map(({ interaction_id: id }) => id)).size).toBe(300)
  const seqs = replies.map(({ receipt: { seq } }) => seq).toSorted((a, b) => a - b)
  expect(seqs).toEqual(Array.from({ length: 300 }, (_one, at) => at + 1))
  const entries = await within(test.deps, key, (tx) => listEntries(tx, {}, { limit: 500 }))
  expect(new Set(entries.map(({ event_type: type }) => type))).toEqual(new Set(['SCORE_RECORDED']))
  expect(await verifyOwnChain(test.deps, key, {}, test.context())).toMatchObject({
    valid: true,
    checked: 300,
  })
  expect(oversightPolicy.scoreGroups).toEqual({ gatherMsMax: 5, requestsMax: 256 })
})

it('one that is refused takes no other along, and what is sent twice at once counts once', async () => {
  const key = await test.found()
  await score(key, toBody(0, 'op-first'))
  const outcomes = await Promise.allSettled([
    score(key, toBody(1)),
    score(key, toBody(0, 'op-other')),
    score(key, toBody(2)),
    score(key, toBody(2)),
    score(key, toBody(0, 'op-first')),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
  expect(outcomes[1]).toMatchObject({ reason: { code: 'SESSION_CONFLICT' } })
  const duplicates = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.duplicate] : []))
  expect(duplicates.filter((isDuplicate) => isDuplicate)).toHaveLength(2)
  expect(await verifyOwnChain(test.deps, key, {}, test.context())).toMatchObject({ valid: true, checked: 3 })
})

it('scores that go together never stand in the way of batches of the same people, nor these in theirs', async () => {
  const key = await test.found()
  const batch = (round: number, at: number) => {
    const { interaction, ...who } = toBody(at)
    const body = { ...who, session_id: `b-${round}-${at}`, interactions: [interaction] }
    return scoreBatch(test.deps, key, batchBody.parse(body), test.context())
  }
  for (let round = 0; round < 4; round += 1)
    await Promise.all(
      Array.from({ length: 56 }, (_one, at) => [
        score(key, { ...toBody(at), session_id: `s-${round}-${at}` }),
        batch(round, at),
      ]).flat(),
    )
  expect(await verifyOwnChain(test.deps, key, {}, test.context())).toMatchObject({
    valid: true,
    checked: 4 * 56 * 2,
  })
})
