import { verifyChain } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScoreReply, scoreReply } from '../contract/blocks.ts'
import { batchBody, commitBody, scoreBody } from '../contract/scoring.ts'
import { foldState } from '../domain/operator-state.ts'
import { type Parameters, parameters } from '../domain/parameters.ts'
import { toShown } from '../domain/shown.ts'
import { judgeStanding } from '../domain/standing.ts'
import { models } from '../params-hash.ts'
import { findState, listOperatorDays } from '../store/state-store.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { lookAsOwner, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { commitScore, reportOutcome } from './change-score.ts'
import { getScore, replayScore } from './read-scores.ts'
import { scoreBatch, scoreInteraction } from './score.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

async function send(key: Caller, body: object): Promise<ScoreReply> {
  const reply = await scoreInteraction(test.deps, key, scoreBody.parse(body), 'full', test.context())
  return scoreReply.parse(reply)
}

const decided = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  hover_events: 2,
  scroll_depth: 0.7,
  alternative_views_checked: 1,
}

const one = { session_id: 'sess-001', operator_id: 'analyst-42', domain: 'financial', interaction: decided }

describe('history-h80-scores-56.8-then-57.6-after-outcomes', () => {
  it('sent one by one, with the reply of the published example, and equal to a refold of its days', async () => {
    const key = await test.found()
    const replies: ScoreReply[] = []
    for (const body of h80Bodies(test.clock.now())) replies.push(await send(key, body))
    const last = replies.at(-1)
    expect(last).toMatchObject({
      jis: 56.8,
      displayed_jis: 56.8,
      provisional: false,
      dimensions: {
        deferral_resistance: 47.5,
        error_detection: 51.2,
        independent_performance: 68.7,
        deliberation_depth: 52.8,
        post_error_recalibration: 54,
        domain_confidence: 64.4,
        decision_autonomy: 69.4,
      },
      decay_projection: {
        lambda: 0,
        days_to_threshold: null,
        days_to_non_compliance: null,
        projected_30d: 56.8,
      },
      compliance: { band: 'at_risk', status: 'at_risk', action_required: 'practice', article_14: 'at_risk' },
      maintenance_recommendation: {
        trigger_intervention: true,
        intervention_type: 'recommendation_withholding',
        urgency: 'medium',
        intervention_frequency: 0.07,
        reasons: ['below_75', 'below_60', 'lowest:deferral_resistance'],
        also: 'error_detection',
      },
      cognition_probes: {
        omission_commission: {
          omission: { value: 0.0351, n: 57, low: 0.0097, high: 0.1192 },
          commission: { value: 0.6364, n: 11, low: 0.3538, high: 0.8483 },
        },
        verification_intensity: { value: 0.5807, n: 58.2 },
        complacency_buildup: { value: 0.0129, n: 50.1 },
        response_set: { value: 0.8728, n: 58.2 },
        regulatory_threshold_proximity: { value: -3.2 },
        slow_drift: { value: null, reason: 'NO_EARLIER_POINT' },
      },
      jis_interval: [41.9, 71.7],
      n_effective: 58.2,
      withheld: null,
      role_tier: 'tier_2',
      outcome_known: true,
    })
    // The first decisions say nothing about the person: the constant, the same for everybody.
    expect(replies[0]).toMatchObject({
      jis: 50,
      displayed_jis: null,
      withheld: 'minimum_data',
      provisional: true,
      dimensions_computed: [],
      cognition_probes: null,
    })
    const reported = ['005', '016', '027', '060', '071', '038']
    let after: ScoreReply | undefined
    for (const id of reported)
      after = await reportOutcome(
        test.deps,
        key,
        `h80-${id}`,
        { outcome_correct: true, ai_correct: null },
        test.context(),
      )
    expect(after).toMatchObject({ jis: 57.6, jis_interval: [42.9, 72.3], committed: true })

    for (const id of ['h80-000', 'h80-040', 'h80-079']) {
      const replay = await replayScore(test.deps, key, id, test.context())
      expect(replay).toMatchObject({ identical: true })
    }
    const where = { operatorId: 'h80', domain: 'financial' } as const
    const { stored, days } = await within(test.deps, key, async (tx) => ({
      stored: await findState(tx, where),
      days: await listOperatorDays(tx, where, 0),
    }))
    expect(stored?.state).toMatchObject(foldState(days, stored?.state.asOfDay ?? 0))
    expect(stored?.state).toMatchObject({ ledgerSeq: 86, postLeft: 3 })
    const chain = await verifyChain(test.deps, key, test.publicKeys)
    // One more says that somebody looked at the operator's scores.
    expect(chain).toMatchObject({ intact: true, entries: 87 })
  })

  it('in batches of 20, and all at once, they score the same', async () => {
    for (const size of [20, 80]) {
      const key = await test.found()
      const bodies = h80Bodies(test.clock.now())
      let jis: number | undefined
      for (let at = 0; at < bodies.length; at += size) {
        const interactions = bodies
          .slice(at, at + size)
          .map(({ interaction, session_id: sessionId }) => ({ ...interaction, session_id: sessionId }))
        const body = batchBody.parse({
          session_id: `batch-${at}`,
          operator_id: 'h80',
          domain: 'financial',
          interactions,
        })
        const reply = await scoreBatch(test.deps, key, body, test.context())
        jis = reply.results.at(-1)?.jis
      }
      expect(jis).toBe(56.8)
    }
  })
})

describe('late-commit-or-outcome-changes-what-follows-not-what-was-received', () => {
  it('earlier answers, their receipts and their replays stay, and the next decision knows better', async () => {
    const key = await test.found()
    const bodies = h80Bodies(test.clock.now())
    let last: ScoreReply | undefined
    for (const body of bodies) last = await send(key, body)
    const lastBody = bodies.at(-1) ?? {}
    const readLast = () => getScore(test.deps, key, 'h80-079', test.context())
    const before = await readLast()
    let after: ScoreReply | undefined
    for (const id of ['005', '016', '027', '060', '071', '038'])
      after = await reportOutcome(
        test.deps,
        key,
        `h80-${id}`,
        { outcome_correct: true, ai_correct: null },
        test.context(),
      )
    expect(after?.jis).toBe(57.6)
    const late = { decision: 'modified', modification_extent: 0.9 }
    await commitScore(test.deps, key, 'h80-001', commitBody.parse(late), test.context())
    expect(await readLast()).toEqual(before)
    const again = await send(key, lastBody)
    expect(again).toMatchObject({ duplicate: true, jis: 56.8, receipt: last?.receipt })
    expect(await replayScore(test.deps, key, 'h80-079', test.context())).toMatchObject({
      identical: true,
      stored: { jis: 56.8 },
    })
    const [first] = bodies
    const next = await send(key, { ...first, session_id: 'next' })
    expect(next.jis).not.toBe(56.8)
  })
})

describe('score-replay-is-byte-identical-across-model-versions', () => {
  it('a score is computed again by the version that it was made with, and by no other', async () => {
    const key = await test.found()
    for (const body of h80Bodies(test.clock.now())) await send(key, body)
    const replay = () => replayScore(test.deps, key, 'h80-079', test.context())
    const now = await replay()
    expect(now).toMatchObject({ identical: true, model_version: 'oversight-1.0.0' })
    // A version of before, which weighed resistance alone, and what it had shown.
    const older = { ...parameters, version: 'oversight-0.9.0', weights: [1, 0, 0, 0, 0, 0, 0] }
    Object.assign(models, {
      'oversight-0.9.0': { version: older.version, parameters: older, paramsHash: 'ab'.repeat(32) },
    })
    const shown = await within(test.deps, key, async (tx) => {
      const where = { operatorId: 'h80', domain: 'financial' } as const
      const state = (await findState(tx, where))?.state
      if (state === undefined) throw new Error('There is no state')
      const prior = [50, 50, 50, 50, 50, 50, 50]
      const decay = { alpha: 0.15, beta: 0.1 }
      // Safe: the same members; the weights are other numbers.
      const rule = { domain: 'financial', prior, decay, parameters: older as unknown as Parameters } as const
      return toShown(judgeStanding(state, null, rule))
    })
    expect(shown.jis).toBe(47.5)
    await lookAsOwner(test.database)
    await test.database.db.pool.query(
      `UPDATE oversight.interaction SET model_version = 'oversight-0.9.0'
        WHERE org_id = $1 AND session_id = 'h80-079'`,
      [key.orgId],
    )
    await test.database.db.pool.query(
      `UPDATE oversight.ledger_event SET shown = $2 WHERE org_id = $1 AND ledger_seq = 80`,
      [key.orgId, JSON.stringify(shown)],
    )
    expect(await replay()).toMatchObject({
      identical: true,
      recomputed: shown,
      model_version: 'oversight-0.9.0',
      params_hash: 'ab'.repeat(32),
    })
    expect(await replayScore(test.deps, key, 'h80-078', test.context())).toMatchObject({
      identical: true,
      model_version: 'oversight-1.0.0',
    })
  })
})

describe('repeated-names-count-once-and-sessions-hold-many', () => {
  it('the same content is given its first answer, other content is another interaction', async () => {
    const key = await test.found()
    const first = await send(key, one)
    const again = await send(key, one)
    expect(again).toEqual({ ...first, duplicate: true, warnings: [], cognition_probes: null })
    const other = await send(key, { ...one, interaction: { ...decided, hover_events: 3 } })
    expect(other.interaction_id).not.toBe(first.interaction_id)
    expect(other.duplicate).toBe(false)
  })

  it('a request id names one interaction of its session, and refuses another under it', async () => {
    const key = await test.found()
    const named = { ...one, request_id: 'req-0123456789abcdef' }
    const first = await send(key, named)
    expect((await send(key, named)).interaction_id).toBe(first.interaction_id)
    const changed = { ...named, interaction: { ...decided, modification_extent: 0.4 } }
    await expect(send(key, changed)).rejects.toMatchObject({ code: 'SESSION_CONFLICT', status: 409 })
  })

  it('a session belongs to one operator in one domain', async () => {
    const key = await test.found()
    await send(key, one)
    const other = { ...one, operator_id: 'analyst-43' }
    await expect(send(key, other)).rejects.toMatchObject({ code: 'SESSION_CONFLICT' })
    await expect(send(key, { ...one, domain: 'legal' })).rejects.toMatchObject({ code: 'SESSION_CONFLICT' })
    // Of another org the same names are free.
    expect((await send(await test.found(), other)).duplicate).toBe(false)
  })

  it('fifty callers with the same decision at once count it once', async () => {
    const key = await test.found()
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(key, one)))
    expect(new Set(replies.map(({ interaction_id: id }) => id)).size).toBe(1)
    expect(replies.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
  })
})

describe('commit-answers-again-alike-and-refuses-another', () => {
  const commit = (key: Caller, body: object): Promise<ScoreReply> =>
    commitScore(test.deps, key, 'sess-001', commitBody.parse(body), test.context())

  it('the published fingerprint, the same answer again, and 409 for another decision', async () => {
    const key = await test.found()
    await send(key, one)
    const decision = {
      decision: 'modified',
      modification_extent: 0.3,
      hover_events: 2,
      scroll_depth: 0.7,
      alternative_views_checked: 1,
    }
    const first = await commit(key, decision)
    expect(first).toMatchObject({
      committed: true,
      state: 'committed',
      commit_fingerprint: 'b0015247f1068a9d7c399d27f9e73fd752e633fda9abcfdeec26889d3659eb00',
    })
    expect(await commit(key, decision)).toEqual({ ...first, duplicate: true })
    await expect(commit(key, { ...decision, decision: 'accepted' })).rejects.toMatchObject({
      code: 'ALREADY_COMMITTED',
    })
  })

  it('placeholders-and-deferrals-count-nowhere-until-committed', async () => {
    const key = await test.found()
    const nothing = { hover_events: 0, scroll_depth: 0, alternative_views_checked: 0 }
    const placeholder = {
      ...decided,
      ...nothing,
      decision: 'accepted',
      modification_extent: 0,
      time_to_decision_ms: 0,
    }
    await send(key, { ...one, interaction: placeholder })
    const where = { operatorId: 'analyst-42', domain: 'financial' } as const
    const counted = async (): Promise<number | undefined> =>
      within(test.deps, key, async (tx) => (await findState(tx, where))?.state.counted)
    expect(await counted()).toBe(0)
    await expect(
      reportOutcome(test.deps, key, 'sess-001', { outcome_correct: true, ai_correct: null }, test.context()),
    ).rejects.toMatchObject({ code: 'DECISION_STILL_OPEN' })
    test.clock.advance(7_000)
    const reply = await commit(key, { decision: 'rejected' })
    expect(reply).toMatchObject({ evidence: { time_source: 'server' }, warnings: ['time_measured_here'] })
    expect(await counted()).toBe(1)
  })

  it('nothing there is nothing to commit', async () => {
    const key = await test.found()
    await expect(commit(key, { decision: 'accepted' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('batch-is-all-or-nothing: one name that is taken, and nothing of it is stored', async () => {
  const key = await test.found()
  await send(key, { ...one, session_id: 'taken', operator_id: 'somebody-else' })
  const body = batchBody.parse({
    session_id: 'batch',
    operator_id: 'analyst-42',
    domain: 'financial',
    interactions: [decided, { ...decided, session_id: 'taken' }],
  })
  await expect(scoreBatch(test.deps, key, body, test.context())).rejects.toMatchObject({
    code: 'SESSION_CONFLICT',
  })
  const where = { operatorId: 'analyst-42', domain: 'financial' } as const
  expect(await within(test.deps, key, (tx) => findState(tx, where))).toBeUndefined()
})
