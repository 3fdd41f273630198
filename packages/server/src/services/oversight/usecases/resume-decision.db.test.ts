import { asWriter, query, within } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resumeDecision as resumeEndpoint } from '../contract/decisions.ts'
import { listDue } from '../store/decision-store.ts'
import { flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { expireDecisions } from './expire-decisions.ts'
import { listDecisions, listQueue } from './read-decisions.ts'
import { resumeDecision } from './resume-decision.ts'

let test: TestOversight
const { act, eventsOf, read, send, setRules } = useDecisions(() => test)
const hour = 3_600_000

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

describe('expiry', () => {
  it('expiry-holds-without-the-job: at that instant it is expired for every reader and writer', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id, resume_token: token } = await send(key, gateAsync)
    const waiting = await send(key, { ...gateAsync, domain: 'healthcare' })
    test.clock.advance(72 * hour - 1)
    expect((await read(key, id)).state).toBe('pending')
    test.clock.advance(1)
    const after = await read(key, id)
    expect(after).toMatchObject({
      state: 'expired',
      assignee: null,
      resolution: { action: 'expire', by: 'expiry', final_route: 'policy_blocked', at: after.expires_at },
    })
    for (const action of ['claim', 'approve', 'reject', 'escalate'])
      expect(await codeOf(act(key, id, { action }))).toBe('ALREADY_RESOLVED')
    const listed = async (status: 'pending' | 'expired') =>
      (await listQueue(test.deps, key, { limit: 50, status }, test.context())).decisions.map(
        (one) => one.ai_decision_log_id,
      )
    expect(await listed('pending')).toEqual([])
    expect(await listed('expired')).toEqual([id, waiting.ai_decision_log_id])
    expect((await listDecisions(test.deps, key, { limit: 50, state: 'pending' }, test.context())).count).toBe(
      0,
    )
    const resumed = await resumeDecision(test.deps, { resume_token: token ?? '', wait_s: 0 }, test.context())
    expect(resumed).toMatchObject({ state: 'expired', first_resume: true })
    // Nobody wrote anything down: it is so by the clock alone.
    const due = await asWriter(test.deps, (tx) => listDue(tx, test.clock.now(), 100))
    expect(due.map((one) => `dec_${one.id}`)).toEqual(
      expect.arrayContaining([id, waiting.ai_decision_log_id]),
    )
  })

  it('expiry-falls-back-closed: a must_review always, an async_review unless the policy says otherwise', async () => {
    const key = await test.found()
    const closed = await send(key, gateAsync)
    await setRules(key, {
      fallback: { async_review: 'auto' },
      expiry: { async_review_s: 300, must_review_s: 300 },
    })
    const open = await send(key, gateAsync)
    const must = await send(key, flatMustReview)
    expect([closed.fallback_route, open.fallback_route, must.fallback_route]).toEqual([
      'policy_blocked',
      'auto',
      'policy_blocked',
    ])
    const escalated = await send(key, gateAsync)
    await act(key, escalated.ai_decision_log_id, { action: 'escalate' })
    test.clock.advance(72 * hour)
    await expireDecisions(test.deps)
    const routes = []
    for (const { ai_decision_log_id: id } of [closed, open, must, escalated])
      routes.push((await read(key, id)).resolution?.final_route)
    expect(routes).toEqual(['policy_blocked', 'auto', 'policy_blocked', 'policy_blocked'])
    expect((await eventsOf(key)).filter((type) => type === 'DECISION_RESOLVED')).toHaveLength(4)
  })
})

describe('resuming', () => {
  const answer = resumeEndpoint.reply.schema

  it('says that it is the first once, whoever asks at the same moment', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id, resume_token: token } = await send(key, gateAsync)
    await act(key, id, { action: 'approve' })
    const ask = () =>
      resumeDecision(test.deps, { resume_token: token ?? '', wait_s: 0 }, test.context()).then((reply) =>
        answer.parse(reply),
      )
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    expect(answers.filter((one) => one.first_resume)).toHaveLength(1)
    expect((await ask()).first_resume).toBe(false)
  })

  it('resume-token-opens-only-its-own-decision, until a day after its resolution', async () => {
    const key = await test.found()
    const [one, other] = [await send(key, gateAsync), await send(key, gateAsync)]
    await act(key, other.ai_decision_log_id, { action: 'reject' })
    const ask = (token: string | null) =>
      resumeDecision(test.deps, { resume_token: token ?? '', wait_s: 0 }, test.context())
    expect(await ask(one.resume_token)).toMatchObject({ value: { state: 'pending' } })
    expect(await ask(other.resume_token)).toMatchObject({
      state: 'resolved',
      resolution: { final_route: 'policy_blocked' },
    })
    for (const guess of [other.ai_decision_log_id, `${other.resume_token}A`, `rst_${'A'.repeat(43)}`])
      expect(await codeOf(ask(guess))).toBe('NOT_FOUND')
    test.clock.advance(24 * hour - 1)
    expect(await ask(other.resume_token)).toMatchObject({ state: 'resolved' })
    test.clock.advance(1)
    expect(await codeOf(ask(other.resume_token))).toBe('NOT_FOUND')
    const stored = await within(test.deps, key, async (tx) => {
      const { rows } = await sql<{ text: string }>`
        SELECT to_jsonb(decision)::text AS text FROM oversight.decision
         WHERE org_id = ${tx.orgId}`.execute(query(tx))
      return rows.map(({ text }) => text).join()
    })
    expect(stored).toContain(one.ai_decision_log_id.slice('dec_'.length))
    expect(stored).not.toContain(one.resume_token)
  })

  it('who waits is woken by the resolution, and holds no connection meanwhile', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id, resume_token: token } = await send(key, gateAsync)
    const waiting = Array.from({ length: 50 }, () =>
      resumeDecision(test.deps, { resume_token: token ?? '', wait_s: 25 }, test.context()),
    )
    // More wait than there are connections; the review still gets one.
    await act(key, id, { action: 'approve' })
    const answers = (await Promise.all(waiting)).map((reply) => answer.parse(reply))
    expect(answers.filter((one) => one.first_resume)).toHaveLength(1)
    expect(new Set(answers.map((one) => one.resolution.final_route))).toEqual(new Set(['auto']))
  })
})
