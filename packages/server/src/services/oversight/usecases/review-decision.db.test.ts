import { verifyChain } from '@gatehouse/kernel/audit'
import { query, within } from '@gatehouse/kernel/db'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storedDecision } from '../contract/decision-blocks.ts'
import { reviewBody } from '../contract/decisions.ts'
import { flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { expireDecisions } from './expire-decisions.ts'
import { reviewDecision } from './review-decision.ts'

let test: TestOversight
const { act, eventsOf, read, send, setRules } = useDecisions(() => test)
const hour = 3_600_000

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

describe('pending-decision-resolves-exactly-once', () => {
  it('of twenty reviewers and the expiry at once, one', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    const actions = ['approve', 'reject', 'modify', 'escalate'] as const
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        codeOf(act(key, id, { action: actions[at % 3], reviewer_id: `reviewer-${at}` })),
      ),
    )
    expect(outcomes.filter((code) => code === 'none')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'ALREADY_RESOLVED')).toHaveLength(19)
    const { reviews, state, resolution } = await read(key, id)
    expect({ state, by: resolution?.by, reviews: reviews.length }).toEqual({
      state: 'resolved',
      by: 'reviewer',
      reviews: 1,
    })
    test.clock.advance(5 * hour)
    await expireDecisions(test.deps)
    expect((await read(key, id)).state).toBe('resolved')
    for (const action of actions) expect(await codeOf(act(key, id, { action }))).toBe('ALREADY_RESOLVED')
    const resolved = (await eventsOf(key)).filter((type) => type === 'DECISION_RESOLVED')
    expect(resolved).toHaveLength(1)
  })

  it('of the expiry on three nodes at once, one', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    test.clock.advance(4 * hour)
    await Promise.all([1, 2, 3].map(() => expireDecisions(test.deps)))
    expect((await read(key, id)).resolution).toMatchObject({ by: 'expiry', action: 'expire' })
    expect((await eventsOf(key)).filter((type) => type === 'DECISION_RESOLVED')).toHaveLength(1)
    expect((await verifyChain(test.deps, key, test.publicKeys)).intact).toBe(true)
  })

  it('who claims holds it for 30 minutes against everybody else, and then no more', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, gateAsync)
    const claimed = await act(key, id, { action: 'claim' })
    expect(claimed).toMatchObject({ assignee: 'reviewer-1', state: 'pending' })
    const other = { reviewer_id: 'reviewer-2' }
    for (const action of ['claim', 'release', 'approve', 'reject', 'escalate'])
      expect(await codeOf(act(key, id, { action, ...other }))).toBe('ALREADY_CLAIMED')
    test.clock.advance(30 * 60_000 - 1)
    expect(await codeOf(act(key, id, { action: 'claim', ...other }))).toBe('ALREADY_CLAIMED')
    test.clock.advance(1)
    expect((await read(key, id)).assignee).toBeNull()
    expect(await act(key, id, { action: 'claim', ...other })).toMatchObject({ assignee: 'reviewer-2' })
    expect(await act(key, id, { action: 'release', ...other })).toMatchObject({ assignee: null })
    expect(await act(key, id, { action: 'assign', assignee: 'reviewer-3' })).toMatchObject({
      assignee: 'reviewer-3',
    })
    expect(await act(key, id, { action: 'approve', reviewer_id: 'reviewer-4' })).toMatchObject({
      state: 'resolved',
      resolution: { reviewer_id: 'reviewer-4', final_route: 'auto' },
    })
  })

  it('an escalation waits for somebody else, for as long as such a decision may, and not longer by being repeated', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id, timestamp } = await send(key, { ...gateAsync, operator_id: 'pilot-7' })
    await act(key, id, { action: 'claim', reviewer_id: 'pilot-7' })
    const escalated = await act(key, id, { action: 'escalate', reviewer_id: 'pilot-7' })
    const until = new Date(Date.parse(timestamp) + 4 * hour).toISOString()
    expect(escalated).toMatchObject({
      routing_decision: 'must_review',
      assignee: null,
      expires_at: until,
      fallback_route: 'policy_blocked',
    })
    test.clock.advance(hour)
    expect(await act(key, id, { action: 'escalate' })).toMatchObject({ expires_at: until })
    expect(await codeOf(act(key, id, { action: 'approve', reviewer_id: 'pilot-7' }))).toBe(
      'REVIEWER_IS_OPERATOR',
    )
  })
})

describe('reviewer-is-never-the-operator', () => {
  it('whatever the operator does with a decision that somebody else must look at, or that is blocked', async () => {
    const key = { ...(await test.found()), scopes: ['decisions:override'] } as KeyPrincipal
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    await setRules(key, {
      triggers: [
        {
          id: 'stop',
          enabled: true,
          minimum_route: 'policy_blocked',
          when: [{ fact: 'domain', op: 'eq', value: 'legal' }],
        },
      ],
    })
    const blocked = await send(key, { ...flatMustReview, domain: 'legal' })
    const own = { reviewer_id: 'pilot-7' }
    for (const action of ['claim', 'approve', 'reject', 'modify', 'escalate', 'release'])
      expect({ action, code: await codeOf(act(key, id, { action, ...own })) }).toEqual({
        action,
        code: 'REVIEWER_IS_OPERATOR',
      })
    expect(await codeOf(act(key, id, { action: 'assign', assignee: 'pilot-7' }))).toBe('REVIEWER_IS_OPERATOR')
    const override = { action: 'override', reason_code: 'urgent' }
    expect(await codeOf(act(key, id, { ...override, ...own }))).toBe('REVIEWER_IS_OPERATOR')
    expect(await codeOf(act(key, blocked.ai_decision_log_id, { ...override, ...own }))).toBe(
      'REVIEWER_IS_OPERATOR',
    )
    expect(await codeOf(act(key, blocked.ai_decision_log_id, { action: 'approve' }))).toBe('ALREADY_RESOLVED')
    expect(await act(key, blocked.ai_decision_log_id, override)).toMatchObject({
      state: 'resolved',
      resolution: { action: 'override', final_route: 'auto', reason_code: 'urgent' },
    })
  })

  it('the rule of the policy gives it to somebody else, and to whoever has fewest open', async () => {
    const key = await test.found()
    await setRules(key, {
      pools: { tower: ['pilot-7', 'anna', 'ben'] },
      assignee: { rule: 'fewest_open', pool: 'tower' },
    })
    const assignees = []
    for (let at = 0; at < 4; at += 1) assignees.push((await send(key, flatMustReview)).assignee)
    expect(assignees).toEqual(['anna', 'ben', 'anna', 'ben'])
    const pooled = await send(key, { ...gateAsync, reviewer_pool: 'tower' })
    expect(pooled.assignee).toBe('pilot-7')
    expect(await codeOf(act(key, pooled.ai_decision_log_id, { action: 'approve' }))).toBe('VALIDATION_FAILED')
    expect(
      await act(key, pooled.ai_decision_log_id, { action: 'approve', reviewer_id: 'anna' }),
    ).toMatchObject({ state: 'resolved' })
    expect((await send(key, { ...gateAsync, reviewer_pool: 'nobody' })).warnings).toEqual([
      'reviewer_pool_unknown',
    ])
  })

  it('an override needs its own scope, and a member is who they are', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, gateAsync)
    expect(await codeOf(act(key, id, { action: 'override', reason_code: 'urgent' }))).toBe('FORBIDDEN_SCOPE')
    const member = {
      kind: 'member',
      orgId: key.orgId,
      userId: 'user-1',
      sessionId: 'session',
      role: 'member',
      ip: '192.0.2.1',
    } as const
    const review = (role: 'member' | 'owner', body: object) =>
      reviewDecision(test.deps, { ...member, role }, id, reviewBody.parse(body), test.context())
    expect(await codeOf(review('member', { action: 'approve', reviewer_id: 'somebody' }))).toBe(
      'VALIDATION_FAILED',
    )
    expect(await codeOf(review('member', { action: 'override', reason_code: 'urgent' }))).toBe(
      'FORBIDDEN_SCOPE',
    )
    const after = storedDecision.parse(await review('owner', { action: 'override', reason_code: 'urgent' }))
    expect(after.resolution).toMatchObject({ reviewer_id: 'user-1', action: 'override' })
    expect(after.reviews).toMatchObject([{ reviewer_role: 'owner', evidence: { grade: 'asserted' } }])
  })

  it('a review with an interaction is scored as the reviewer’s own', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    const interaction = {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 41_000,
      modification_extent: 0,
      scenario_type: 'standard',
    }
    const after = await act(key, id, { action: 'reject', interaction })
    expect(after.reviews[0]?.interaction_id).toMatch(/^int_/)
    const [scored] = await within(test.deps, key, async (tx) => {
      const { rows } = await sql<Record<string, unknown>>`
        SELECT operator_id, domain, session_id, source, state, inputs FROM oversight.interaction
         WHERE org_id = ${tx.orgId}`.execute(query(tx))
      return rows
    })
    expect(scored).toMatchObject({
      operator_id: 'reviewer-1',
      domain: 'aviation',
      session_id: id,
      source: 'review',
      state: 'committed',
      inputs: { decision: 'rejected', timeToDecisionMs: 41_000 },
    })
    expect((await eventsOf(key)).slice(-2)).toEqual(['DECISION_RESOLVED', 'SCORE_RECORDED'])
    expect((await verifyChain(test.deps, key, test.publicKeys)).intact).toBe(true)
  })
})
