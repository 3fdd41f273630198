import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { batchBody, scoreBody } from '../contract/scoring.ts'
import { foldState } from '../domain/operator-state.ts'
import { findState, firstDayOf, listOperatorDays } from '../store/state-store.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { lookAsOwner, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { foldNightly } from './fold-nightly.ts'
import { followOrganisations } from './follow-organisation.ts'
import { issueNorms } from './issue-norms.ts'
import { listAlerts } from './read-alerts.ts'
import { dayOf } from './read-interaction.ts'
import { refoldSample } from './refold-sample.ts'
import { scoreBatch, scoreInteraction } from './score.ts'
import { watchRequests } from './watch-requests.ts'

const dayMs = 86_400_000
const signal = new AbortController().signal
const opened: TestOversight[] = []
let test: TestOversight

// Nightly work goes through all organisations, so each test has a database of its own.
beforeEach(async () => {
  test = await startTestOversight()
  opened.push(test)
  await lookAsOwner(test.database)
})
afterAll(async () => {
  for (const one of opened) await one.database.drop()
})

type Caller = Awaited<ReturnType<TestOversight['found']>>

const key = { operatorId: 'h80', domain: 'financial' } as const

async function sendH80(caller: Caller, operatorId = 'h80', name = 'batch'): Promise<void> {
  const interactions = h80Bodies(test.clock.now(), operatorId).map(({ interaction }) => interaction)
  const body = {
    session_id: `${name}-${operatorId}`,
    operator_id: operatorId,
    domain: 'financial',
    interactions,
  }
  await scoreBatch(test.deps, caller, batchBody.parse(body), test.context())
}

const readState = (caller: Caller) => within(test.deps, caller, (tx) => findState(tx, key))
const alertsOf = async (caller: Caller, filter: object = {}) =>
  (await listAlerts(test.deps, caller, { limit: 100, ...filter }, test.context())).alerts

async function query<Row extends object>(
  sql: string,
  ...values: readonly unknown[]
): Promise<readonly Row[]> {
  const { rows } = await test.database.db.pool.query<Row>(sql, [...values])
  return rows
}

describe('the nightly fold', () => {
  it('keeps the value of a day on which nothing happened, and leaves what the first read would make', async () => {
    const caller = await test.found()
    await sendH80(caller)
    const before = await readState(caller)
    test.clock.advance(3 * dayMs)
    await foldNightly(test.deps, signal)
    const today = dayOf(test.clock.now())
    const after = await readState(caller)
    const days = await within(test.deps, caller, (tx) => listOperatorDays(tx, key, firstDayOf(today)))
    expect(after?.state).toEqual({ ...before?.state, ...foldState(days, today) })
    expect(after?.lastReceivedAtMs).toBe(before?.lastReceivedAtMs)
    const history = await query<{ day: number; jis: string }>(
      'SELECT day, jis FROM oversight.operator_history WHERE org_id = $1 ORDER BY day',
      caller.orgId,
    )
    expect(history.map(({ day }) => day)).toEqual([today - 3, today])
    expect(Number(history[1]?.jis)).toBe(after?.jis)
    await foldNightly(test.deps, signal)
    expect(await readState(caller)).toEqual(after)
  })

  it('leaves alone who has nothing that counts any more', async () => {
    const caller = await test.found()
    await sendH80(caller)
    test.clock.advance(700 * dayMs)
    await foldNightly(test.deps, signal)
    const emptied = await readState(caller)
    expect(emptied?.state.counted).toBe(0)
    test.clock.advance(dayMs)
    await foldNightly(test.deps, signal)
    expect(await readState(caller)).toEqual(emptied)
  })

  it('tells another band once, when it is clear', async () => {
    const caller = await test.found()
    await sendH80(caller)
    const nextDay = async (jis: number) => {
      await query(
        'UPDATE oversight.operator_history SET jis = $2 WHERE org_id = $1 AND day = $3',
        caller.orgId,
        jis,
        dayOf(test.clock.now()),
      )
      test.clock.advance(dayMs)
      await foldNightly(test.deps, signal)
      return (await alertsOf(caller, { kind: 'band_change' })).map(({ data }) => [data['from'], data['to']])
    }
    expect(await nextDay(61)).toEqual([])
    expect(await nextDay(59)).toEqual([])
    expect(await nextDay(57.9)).toEqual([['adequate', 'at_risk']])
    expect(await nextDay(57.9)).toEqual([['adequate', 'at_risk']])
  })
})

describe('a norm', () => {
  async function sendTrials(caller: Caller, count: number): Promise<void> {
    for (let from = 0; from < count; from += 100) {
      const interactions = Array.from({ length: Math.min(100, count - from) }, (_, at) => ({
        ai_recommendation_presented: true,
        ai_available: true,
        time_to_decision_ms: 1_000 * (1 + ((from + at) % 100)),
        decision: 'accepted',
        modification_extent: 0,
        scenario_type: 'standard',
        outcome_correct: true,
      }))
      const body = {
        session_id: `trials-${from}`,
        operator_id: 'someone',
        domain: 'legal',
        interactions,
      }
      await scoreBatch(test.deps, caller, batchBody.parse(body), test.context())
    }
  }
  const norms = () =>
    query<{ norm_id: string; version: number; effective_day: number; t_min_ms: number; t_ref_ms: number }>(
      'SELECT norm_id, version, effective_day, t_min_ms, t_ref_ms FROM oversight.norm ORDER BY version',
    )
  const scoreOne = (caller: Caller, session: string) =>
    scoreInteraction(
      test.deps,
      caller,
      scoreBody.parse({
        session_id: session,
        operator_id: 'someone',
        domain: 'legal',
        interaction: {
          ai_recommendation_presented: true,
          ai_available: true,
          time_to_decision_ms: 4_200,
          decision: 'accepted',
          modification_extent: 0,
          scenario_type: 'standard',
        },
      }),
      'full',
      test.context(),
    )

  it('is issued of 500 trials and not of 499, and is in force from the next midnight', async () => {
    const caller = await test.found()
    await sendTrials(caller, 499)
    await issueNorms(test.deps, signal)
    expect(await norms()).toEqual([])
    await scoreOne(caller, 'the-last')
    await issueNorms(test.deps, signal)
    const tomorrow = dayOf(test.clock.now()) + 1
    expect(await norms()).toEqual([
      { norm_id: 'legal-1', version: 1, effective_day: tomorrow, t_min_ms: 5_000, t_ref_ms: 75_000 },
    ])
    expect((await scoreOne(caller, 'today')).receipt?.norm_id).toBe('default')
    test.clock.advance(dayMs)
    expect((await scoreOne(caller, 'tomorrow')).receipt?.norm_id).toBe('legal-1')
    const [entry] = await query<{ payload: { detail: object } }>(
      `SELECT payload::jsonb AS payload FROM gatehouse.audit_entry WHERE org_id = $1 AND event_type = 'NORM_ISSUED'`,
      caller.orgId,
    )
    expect(entry?.payload.detail).toMatchObject({ domain: 'legal', n_trials: 500, t_min_ms: 5_000 })
  })

  it('is issued once a month, and a version never changes', async () => {
    const caller = await test.found()
    await sendTrials(caller, 500)
    await issueNorms(test.deps, signal)
    const [first] = await norms()
    await issueNorms(test.deps, signal)
    expect(await norms()).toEqual([first])
    const now = new Date(test.clock.now())
    test.clock.set(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 0, 10))
    await issueNorms(test.deps, signal)
    const after = await norms()
    expect(after).toHaveLength(2)
    expect(after[0]).toEqual(first)
  })

  it('that cannot be made leaves scoring with the last one and raises an alert, which the next success closes', async () => {
    const [broken, whole] = [await test.found(), await test.found()]
    for (const caller of [broken, whole]) await sendTrials(caller, 500)
    const spoil = (text: string) =>
      query(
        `UPDATE oversight.interaction SET inputs = jsonb_set(inputs, '{timeToDecisionMs}', $2::jsonb)
          WHERE org_id = $1 AND id = (SELECT min(id) FROM oversight.interaction WHERE org_id = $1)`,
        broken.orgId,
        text,
      )
    await spoil('"never"')
    await expect(issueNorms(test.deps, signal)).rejects.toThrow('Nightly work failed: norms')
    expect(await norms()).toHaveLength(1)
    const stateOf = async (caller: Caller) =>
      (await alertsOf(caller, { kind: 'nightly_failed' })).map(({ state }) => state)
    expect(await stateOf(broken)).toEqual(['open'])
    expect(await stateOf(whole)).toEqual([])
    expect((await scoreOne(broken, 'meanwhile')).receipt?.norm_id).toBe('default')
    await spoil('4200')
    await issueNorms(test.deps, signal)
    expect(await stateOf(broken)).toEqual(['closed'])
  })
})

describe('a refold of the ledger', () => {
  it('of what is right changes nothing and says nothing', async () => {
    const caller = await test.found()
    await sendH80(caller)
    const before = await readState(caller)
    await refoldSample(test.deps, signal)
    expect(await readState(caller)).toEqual(before)
    expect(await alertsOf(caller, { kind: 'aggregate_mismatch' })).toEqual([])
  })

  it.each([
    ['a day of the operator', 'UPDATE oversight.operator_day SET counters[1] = counters[1] + 1'],
    ['a day that never was', 'UPDATE oversight.operator_day SET day = day - 100'],
    ['the state itself', 'UPDATE oversight.operator_state SET sums[3] = sums[3] + 1'],
  ])('finds %s that differs, rebuilds it, and says so', async (_what, tamper) => {
    const caller = await test.found()
    await sendH80(caller)
    const readAll = async () => ({
      state: (await readState(caller))?.state,
      days: await query(
        'SELECT day, counters::text[], side::text[] FROM oversight.operator_day WHERE counters[1] <> 0 ORDER BY day',
      ),
      whole: await query(
        'SELECT day, counters::text[], side::text[] FROM oversight.org_day WHERE counters[1] <> 0 ORDER BY day',
      ),
    })
    const right = await readAll()
    await query(`${tamper} WHERE org_id = $1`, caller.orgId)
    expect(await readAll()).not.toEqual(right)
    await refoldSample(test.deps, signal)
    expect(await readAll()).toEqual(right)
    expect(await alertsOf(caller, { kind: 'aggregate_mismatch' })).toMatchObject([
      { severity: 'high', state: 'open' },
    ])
    expect(
      await query(
        `SELECT seq FROM gatehouse.audit_entry WHERE org_id = $1 AND event_type = 'AGGREGATE_REBUILT'`,
        caller.orgId,
      ),
    ).toHaveLength(1)
  })
})

describe('the organisation as a whole', () => {
  it('is told when its assessment changes, not the first time that there is one', async () => {
    const caller = await test.found()
    for (const person of ['a', 'b', 'c', 'd']) await sendH80(caller, person)
    await followOrganisations(test.deps, signal)
    expect(await alertsOf(caller, { kind: 'compliance_changed' })).toEqual([])
    await sendH80(caller, 'e')
    await followOrganisations(test.deps, signal)
    await followOrganisations(test.deps, signal)
    expect(await alertsOf(caller, { kind: 'compliance_changed' })).toMatchObject([
      {
        severity: 'high',
        state: 'closed',
        data: { from: 'insufficient_data', to: 'non_compliant', report_id: null },
      },
    ])
  })
})

it('far more requests than usual raise an alert, which closes a day after the last of them', async () => {
  const caller = await test.found()
  await sendH80(caller)
  const today = dayOf(test.clock.now())
  for (let day = today - 30; day < today - 1; day += 1)
    await query('INSERT INTO oversight.request_day VALUES ($1, $2, 20, now())', caller.orgId, day)
  const call = (count: number, hoursAgo: number) =>
    query(
      `INSERT INTO gatehouse.api_call (org_id, at, ip, method, route, status, duration_ms)
       SELECT $1, $2, '192.0.2.1', 'POST', '/v1/score', 200, 1 FROM generate_series(1, $3)`,
      caller.orgId,
      new Date(test.clock.now() - hoursAgo * 3_600_000),
      count,
    )
  const states = async () =>
    (await alertsOf(caller, { kind: 'request_rate_anomaly' })).map(({ state, data }) => [state, data])
  await call(200, 1)
  await watchRequests(test.deps, signal)
  expect(await states()).toEqual([])
  await call(1, 2)
  await watchRequests(test.deps, signal)
  const told = { requests_24h: 201, p95_30d: 20 }
  expect(await states()).toEqual([['open', told]])
  test.clock.advance(30 * 3_600_000)
  await watchRequests(test.deps, signal)
  expect(await states(), 'six hours after it fell below').toEqual([['open', told]])
  test.clock.advance(20 * 3_600_000)
  await watchRequests(test.deps, signal)
  expect(await states()).toEqual([['closed', told]])
})
