import { query, within } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import { flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { getPolicy } from './decision-policy.ts'
import { eraseOperator } from './erase-operator.ts'
import { replayDecision } from './read-decisions.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight
const { act, read, send, setRules } = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

it('an erased operator is in no decision any more, neither as who decided nor as who reviewed', async () => {
  const key = await test.found()
  const body = scoreBody.parse(h80Bodies(test.clock.now(), 'pilot-7')[0])
  await scoreInteraction(test.deps, key, body, 'full', test.context())
  const own = await send(key, flatMustReview)
  await act(key, own.ai_decision_log_id, { action: 'approve' })
  const reviewed = await send(key, { ...flatMustReview, operator_id: 'somebody' })
  await act(key, reviewed.ai_decision_log_id, { action: 'reject', reviewer_id: 'pilot-7', note: 'mine' })
  await eraseOperator(test.deps, key, 'pilot-7', test.context())
  expect(await read(key, own.ai_decision_log_id)).toMatchObject({
    operator_id: null,
    state: 'resolved',
    drs: 0.632,
  })
  expect(await read(key, reviewed.ai_decision_log_id)).toMatchObject({
    operator_id: 'somebody',
    resolution: { final_route: 'policy_blocked', reviewer_id: null },
    reviews: [{ reviewer_id: 'erased', note: null }],
  })
  const rows = await within(test.deps, key, async (tx) => {
    const found = await sql<{ text: string }>`
      SELECT to_jsonb(d)::text AS text FROM oversight.decision AS d WHERE org_id = ${tx.orgId}
       UNION ALL
      SELECT to_jsonb(r)::text FROM oversight.decision_review AS r WHERE org_id = ${tx.orgId}`.execute(
      query(tx),
    )
    return found.rows.map(({ text }) => text).join()
  })
  expect(rows).toContain('somebody')
  expect(rows).not.toContain('pilot-7')
})

it('an erased operator is in no version of the policy, and what only they might review is open to nobody else', async () => {
  const key = await test.found()
  const body = scoreBody.parse(h80Bodies(test.clock.now(), 'pilot-7')[0])
  await scoreInteraction(test.deps, key, body, 'full', test.context())
  await setRules(key, {
    pools: { deck: ['pilot-7'], tower: ['pilot-7', 'pilot-8'] },
    assignee: { rule: 'person', reviewer_id: 'pilot-7' },
  })
  await setRules(key, { assignee: { rule: 'fewest_open', pool: 'tower' } })
  const waiting = await send(key, { ...gateAsync, reviewer_pool: 'deck' })
  const before = await replayDecision(test.deps, key, waiting.ai_decision_log_id, test.context())
  await eraseOperator(test.deps, key, 'pilot-7', test.context())
  const { value: policy } = await getPolicy(test.deps, key, test.context())
  expect(policy).toMatchObject({ version: 3, pools: { deck: ['erased'], tower: ['erased', 'pilot-8'] } })
  const stored = await within(test.deps, key, async (tx) => {
    const found = await sql<{ text: string }>`
      SELECT body::text AS text FROM oversight.decision_policy WHERE org_id = ${tx.orgId}`.execute(query(tx))
    return found.rows.map(({ text }) => text).join()
  })
  expect(stored).not.toContain('pilot-7')
  for (const reviewer_id of ['pilot-8', 'erased'])
    expect(await codeOf(act(key, waiting.ai_decision_log_id, { action: 'approve', reviewer_id }))).toBe(
      'VALIDATION_FAILED',
    )
  // The next one in the tower goes to whoever is left there.
  expect(await send(key, { ...gateAsync, reviewer_pool: 'tower' })).toMatchObject({ assignee: 'pilot-8' })
  const after = await replayDecision(test.deps, key, waiting.ai_decision_log_id, test.context())
  expect(after).toMatchObject({ ...before, timestamp: after.timestamp })
  expect(after.replay.identical).toBe(true)
})

it('whoever only reviewed, or was only named as a reviewer, is erased as well, and who never was is not there', async () => {
  const key = await test.found()
  await setRules(key, { pools: { tower: ['only-named'] } })
  const { ai_decision_log_id: id } = await send(key, flatMustReview)
  await act(key, id, { action: 'approve', reviewer_id: 'only-reviewed' })
  for (const operatorId of ['only-reviewed', 'only-named', 'pilot-7'])
    expect(await eraseOperator(test.deps, key, operatorId, test.context())).toMatchObject({ erased: true })
  expect(await read(key, id)).toMatchObject({
    operator_id: null,
    resolution: { reviewer_id: null },
    reviews: [{ reviewer_id: 'erased' }],
  })
  const { value: policy } = await getPolicy(test.deps, key, test.context())
  expect(policy.pools).toEqual({ tower: ['erased'] })
  for (const operatorId of ['only-reviewed', 'nobody-ever'])
    expect(await codeOf(eraseOperator(test.deps, key, operatorId, test.context()))).toBe('NOT_FOUND')
})
