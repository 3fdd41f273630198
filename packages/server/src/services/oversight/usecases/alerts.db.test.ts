import { recordTelemetry } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchBody } from '../contract/scoring.ts'
import { flatMustReview } from '../testing/decision-bodies.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { toStamps } from '../testing/stamps.ts'
import { useDecisions } from '../testing/use-decisions.ts'
import { expireDecisions } from './expire-decisions.ts'
import { type AlertRequest, closeAlert, raiseAlert } from './raise-alert.ts'
import { acknowledgeAlert, listAlerts } from './read-alerts.ts'
import { scoreBatch } from './score.ts'

let test: TestOversight
const { act, send } = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function stamp(key: Caller, operatorId: string, session: string, count = 60): Promise<void> {
  const body = {
    session_id: session,
    operator_id: operatorId,
    domain: 'financial',
    interactions: toStamps(count),
  }
  await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
}

const everything = { limit: 50 }

async function list(principal: Caller | MemberPrincipal, filter: object = {}) {
  const { alerts } = await listAlerts(test.deps, principal, { ...everything, ...filter }, test.context())
  return alerts
}

async function query<Row extends object>(sql: string, orgId: string): Promise<readonly Row[]> {
  const { rows } = await test.database.db.pool.query<Row>(sql, [orgId])
  return rows
}

const listJobs = (orgId: string) =>
  query<{ payload: { alertId: string; resolved: boolean; title: { en: string } } }>(
    `SELECT j.payload FROM graphile_worker._private_jobs j
       JOIN graphile_worker._private_tasks t ON t.id = j.task_id
      WHERE t.identifier = 'oversight.alert_raised' AND j.payload ->> 'orgId' = $1 ORDER BY j.id`,
    orgId,
  ).then((rows) => rows.map(({ payload }) => payload))

const brokenChain: AlertRequest = {
  kind: 'chain_broken',
  subject: 'chain',
  severity: 'high',
  operatorId: null,
  domain: null,
  data: { seq: 7, reason: 'content' },
}

const raise = (key: Caller, request: AlertRequest) =>
  recordTelemetry(test.deps, key, (tx) => raiseAlert(tx, request, test.clock.now()))

describe('the write that changes a number', () => {
  it('opens the alerts of whoever stamps, once for each kind, and tells it without a name or a score', async () => {
    const key = await test.found()
    await stamp(key, 'stamper', 'one')
    await stamp(key, 'stamper', 'two')
    const alerts = await list(key)
    expect(alerts.map(({ kind }) => kind).toSorted()).toEqual(['below_threshold', 'rubber_stamping'])
    expect(alerts.find(({ kind }) => kind === 'rubber_stamping')).toMatchObject({
      severity: 'high',
      state: 'open',
      operator_id: null,
      domain: 'financial',
      data: { domain: 'financial', share: 1, n: 60 },
    })
    const jobs = await listJobs(key.orgId)
    expect(jobs).toHaveLength(2)
    expect(JSON.stringify(jobs)).not.toContain('stamper')
    for (const { title } of jobs) expect(title.en).toContain('one operator')
  })

  it('opens nothing of 49 decisions', async () => {
    const key = await test.found()
    await stamp(key, 'stamper', 'one', 49)
    expect(await list(key)).toEqual([])
  })

  it('closes what no longer holds, and says so of the same alert', async () => {
    const key = await test.found()
    await stamp(key, 'stamper', 'one')
    const slow = toStamps(100).map((item) => ({ ...item, time_to_decision_ms: 20_000 }))
    for (const session of ['two', 'three', 'four']) {
      const body = {
        session_id: session,
        operator_id: 'stamper',
        domain: 'financial',
        interactions: slow,
      }
      await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
    }
    const [closed] = await list(key, { kind: 'rubber_stamping' })
    expect(closed).toMatchObject({ state: 'closed' })
    const [, , ended] = await listJobs(key.orgId)
    expect(ended).toMatchObject({ alertId: closed?.alert_id, resolved: true })
  })
})

it('one alert is open for a kind and a subject, and the next one opens when it is over', async () => {
  const key = await test.found()
  expect(await raise(key, brokenChain)).toBe(true)
  expect(await raise(key, brokenChain)).toBe(false)
  expect(await raise(key, { ...brokenChain, subject: 'another' })).toBe(true)
  await recordTelemetry(test.deps, key, (tx) => closeAlert(tx, 'chain_broken', 'chain', test.clock.now()))
  expect(await raise(key, brokenChain)).toBe(true)
  expect(await list(key)).toHaveLength(3)
  expect(await list(key, { state: 'closed' })).toHaveLength(1)
})

it('an alert that does not commit is told to nobody', async () => {
  const key = await test.found()
  const failing = recordTelemetry(test.deps, key, async (tx) => {
    await raiseAlert(tx, brokenChain, test.clock.now())
    throw new Error('the work behind it failed')
  })
  await expect(failing).rejects.toThrow('the work behind it failed')
  expect(await list(key)).toEqual([])
  expect(await listJobs(key.orgId)).toEqual([])
})

describe('acknowledging', () => {
  it('remembers who was first, and closes what no number closes', async () => {
    const key = await test.found()
    await raise(key, brokenChain)
    const [open] = await list(key)
    const id = open?.alert_id ?? ''
    const { alert } = await acknowledgeAlert(test.deps, key, id, test.context())
    expect(alert).toMatchObject({ state: 'closed', acknowledged_by: 'ck_live_12345678' })
    test.clock.advance(1_000)
    const again = await acknowledgeAlert(test.deps, memberOf(key, 'owner'), id, test.context())
    expect(again.alert).toEqual(alert)
    expect((await listJobs(key.orgId)).map(({ resolved }) => resolved)).toEqual([false, true])
    expect(
      await query(
        `SELECT event_type FROM gatehouse.audit_entry WHERE org_id = $1 AND event_type = 'ALERT_ACKNOWLEDGED'`,
        key.orgId,
      ),
    ).toHaveLength(2)
  })

  it('leaves open what the number itself closes', async () => {
    const key = await test.found()
    await stamp(key, 'stamper', 'one')
    const [open] = await list(key, { kind: 'rubber_stamping' })
    const { alert } = await acknowledgeAlert(test.deps, key, open?.alert_id ?? '', test.context())
    expect(alert).toMatchObject({ state: 'acknowledged', closed_at: null })
    expect(await list(key, { state: 'open', kind: 'rubber_stamping' })).toEqual([])
  })

  it('of another organisation’s alert finds nothing', async () => {
    const [key, stranger] = [await test.found(), await test.found()]
    await raise(key, brokenChain)
    const [open] = await list(key)
    await expect(
      acknowledgeAlert(test.deps, stranger, open?.alert_id ?? '', test.context()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('in the dashboard a member reads who it is about, a viewer does not', async () => {
  const key = await test.found()
  await stamp(key, 'stamper', 'one')
  const readAs = async (role: MemberPrincipal['role']) => (await list(memberOf(key, role)))[0]?.operator_id
  expect(await readAs('member')).toBe('stamper')
  expect(await readAs('viewer')).toBeNull()
})

it('a list goes on where its page ended', async () => {
  const key = await test.found()
  for (const subject of ['a', 'b', 'c']) {
    test.clock.advance(1)
    await raise(key, { ...brokenChain, subject })
  }
  const first = await listAlerts(test.deps, key, { limit: 2 }, test.context())
  const cursor = first.next_cursor ?? undefined
  const second = await listAlerts(test.deps, key, { limit: 2, cursor }, test.context())
  const ids = [...first.alerts, ...second.alerts].map(({ alert_id: id }) => id)
  expect(ids).toHaveLength(3)
  expect(ids).toEqual(ids.toSorted().toReversed())
  expect(second.next_cursor).toBeNull()
})

function memberOf({ orgId }: Caller, role: MemberPrincipal['role']): MemberPrincipal {
  return { kind: 'member', orgId, userId: 'ann', sessionId: 's', role, ip: '192.0.2.1' }
}

describe('a decision that nobody looked at in time, and one that was overridden', () => {
  it('each opens one alert, of its own severity, which somebody closes by acknowledging it', async () => {
    const key = { ...(await test.found()), scopes: ['decisions:override'] } as Caller
    const left = await send(key, flatMustReview)
    test.clock.advance(4 * 3_600_000)
    await expireDecisions(test.deps)
    await expireDecisions(test.deps)
    const overridden = await send(key, flatMustReview)
    await act(key, overridden.ai_decision_log_id, { action: 'override', reason_code: 'urgent' })
    const alerts = await list(key)
    expect(alerts).toHaveLength(2)
    expect(alerts.find(({ kind }) => kind === 'decision_expired')).toMatchObject({
      severity: 'medium',
      state: 'open',
      operator_id: null,
      domain: 'aviation',
      data: { ai_decision_log_id: left.ai_decision_log_id },
    })
    const override = alerts.find(({ kind }) => kind === 'decision_overridden')
    expect(override).toMatchObject({
      severity: 'high',
      state: 'open',
      data: { ai_decision_log_id: overridden.ai_decision_log_id },
    })
    expect(JSON.stringify(await listJobs(key.orgId))).not.toContain('pilot-7')
    const closed = await acknowledgeAlert(test.deps, key, override?.alert_id ?? '', test.context())
    expect(closed.alert).toMatchObject({ state: 'closed' })
  })

  it('what a person resolved in time opens none', async () => {
    const key = await test.found()
    const { ai_decision_log_id: id } = await send(key, flatMustReview)
    await act(key, id, { action: 'approve' })
    test.clock.advance(4 * 3_600_000)
    await expireDecisions(test.deps)
    expect(await list(key)).toEqual([])
  })
})
