import { sha256Hex, verifyChain } from '@gatehouse/kernel/audit'
import { Problem } from '@gatehouse/kernel/problem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scoreBody } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { flatAuto, flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { h80Bodies } from '../testing/h80-requests.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { listDecisions, replayDecision } from './read-decisions.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight
const { act, send, setRules } = useDecisions(() => test)
const hour = 3_600_000

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

describe('scores and routes', () => {
  it.each<[string, object, number, string, string]>([
    ['flat, operator unknown', flatAuto, 0.3314, 'auto', 'released'],
    ['aviation accepted in 400 ms', flatMustReview, 0.632, 'must_review', 'pending'],
    ['gate, aviation, confidence 0.6', gateAsync, 0.4338, 'async_review', 'pending'],
    ['gate, housing', { model: { provider: 'x' }, domain: 'housing' }, 0.3091, 'auto', 'released'],
    [
      'gate, healthcare',
      { model: { provider: 'x' }, domain: 'healthcare' },
      0.3606,
      'async_review',
      'pending',
    ],
  ])('%s', async (_what, body, drs, route, state) => {
    const reply = await send(await test.found(), body)
    expect(reply).toMatchObject({ drs, decision_risk_score: drs, routing_decision: route, state })
    expect(reply.resume_token === null).toBe(state !== 'pending')
  })

  it('the-decision-example-of-the-wire-is-answered-member-by-member', async () => {
    const key = await test.found()
    const request_id = 'req_01KW0000000000000000000000'
    const reply = await send(key, { ...gateAsync, request_id, ai_output: { text: 'a draft' } })
    const [hex, dec] = [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^dec_[0-9A-Z]{26}$/)]
    const timestamp = new Date(test.clock.now()).toISOString()
    expect(reply).toEqual({
      request_id,
      timestamp,
      ai_decision_log_id: dec,
      routing_decision: 'async_review',
      drs: 0.4338,
      drs_tier: 'medium',
      drs_reason_codes: ['factor:stakes', 'factor:operator', 'factor:model'],
      policy_evaluation: { hard_failures: [], triggers: [], policy_version: 1 },
      forced_escalation_rules_triggered: [],
      review_queue_id: expect.stringMatching(/^rq_[0-9A-Z]{26}$/),
      policy_version_id: 'pol_1',
      decision_risk_score: 0.4338,
      factors: [
        { name: 'operator', value: 0.5, weight: 0.35 },
        { name: 'stakes', value: 0.95, weight: 0.25 },
        { name: 'model', value: 0.4, weight: 0.25 },
      ],
      policy_triggers: [],
      pass: 'post_ai',
      state: 'pending',
      assignee: null,
      expires_at: new Date(test.clock.now() + 72 * 3_600_000).toISOString(),
      fallback_route: 'policy_blocked',
      resume_token: expect.stringMatching(/^rst_[\w-]{43}$/),
      resolution: null,
      gate_id: reply.ai_decision_log_id,
      operator_id: null,
      domain: 'aviation',
      decision_category: null,
      model: { provider: 'openai', name: 'gpt' },
      ai_output_hash: hex,
      request_hash: hex,
      evidence: null,
      replay_url: `/v1/decision/replay/${reply.ai_decision_log_id}`,
      policy_version: 1,
      model_version: 'oversight-1.0.0',
      params_hash: '4fea9face49ed2be1811f40fe9b7ef05024fd8cd332aefc889b58aa67a52f749',
      audit_id: reply.receipt.receipt_id,
      receipt: {
        receipt_id: expect.stringMatching(/^rcp_[0-9A-Z]{26}$/),
        kind: 'decision',
        seq: 1,
        ts: timestamp,
        payload_hash: hex,
        prev_hash: '0'.repeat(64),
        entry_hash: hex,
        signature: expect.stringMatching(/^[\w-]{86}$/),
        key_id: 'test-1',
        model_version: 'oversight-1.0.0',
        params_hash: '4fea9face49ed2be1811f40fe9b7ef05024fd8cd332aefc889b58aa67a52f749',
        norm_id: 'default',
        settings_version: 1,
      },
      warnings: [],
    })
    // Hashes of the wire: the output, and the body without output, request id and resumption.
    expect([reply.ai_output_hash, reply.request_hash]).toEqual([
      sha256Hex('{"text":"a draft"}'),
      sha256Hex('{"domain":"aviation","model":{"name":"gpt","provider":"openai"},"model_confidence":0.6}'),
    ])
  })

  it('the published score of an operator is in the risk', async () => {
    const key = await test.found()
    for (const body of h80Bodies(test.clock.now()))
      await scoreInteraction(test.deps, key, scoreBody.parse(body), 'full', test.context())
    const reply = await send(key, { ...flatAuto, operator_id: 'h80' })
    const factor = reply.factors.find(({ name }) => name === 'operator')
    expect(factor?.value).toBe(0.432)
  })

  it('both passes of one request id share a gate, and a resolution answers the same request again', async () => {
    const key = await test.found()
    const request_id = 'req_01KW0000000000000000000001'
    const before = await send(key, { ...gateAsync, request_id })
    const ai_output = { choices: [{ message: { content: 'a draft' } }] }
    const behind = await send(key, { ...gateAsync, request_id, ai_output })
    expect([before.pass, behind.pass]).toEqual(['pre_ai', 'post_ai'])
    expect(behind.gate_id).toBe(before.ai_decision_log_id)
    expect([before.request_id, behind.request_id]).toEqual([request_id, request_id])
    expect(behind.request_hash).toBe(before.request_hash)
    await act(key, behind.ai_decision_log_id, { action: 'approve' })
    const resume_of = behind.ai_decision_log_id
    const again = await send(key, { ...gateAsync, ai_output, resume_of })
    expect(again).toMatchObject({ routing_decision: 'auto', state: 'released', warnings: [] })
    expect(again.drs_reason_codes).toContain(`resolved:${resume_of}`)
    // Another output, another request, or a decision that nobody resolved, is judged on its own.
    for (const other of [
      { ...gateAsync, ai_output: { text: 'another' }, resume_of },
      { ...gateAsync, task: 'another', ai_output, resume_of },
      { ...gateAsync, ai_output, resume_of: before.ai_decision_log_id },
    ])
      expect(await send(key, other)).toMatchObject({
        routing_decision: 'async_review',
        warnings: ['resume_of_ignored'],
      })
    await setRules(key, {
      triggers: [
        {
          id: 'no_pilots',
          enabled: true,
          minimum_route: 'policy_blocked',
          when: [{ fact: 'domain', op: 'eq', value: 'aviation' }],
        },
      ],
    })
    expect(await send(key, { ...gateAsync, ai_output, resume_of })).toMatchObject({
      routing_decision: 'policy_blocked',
      state: 'blocked',
      drs_tier: 'critical',
      policy_evaluation: { hard_failures: ['no_pilots'] },
    })
    test.clock.advance(25 * hour)
    await setRules(key, { triggers: [] })
    expect(await send(key, { ...gateAsync, ai_output, resume_of })).toMatchObject({
      routing_decision: 'async_review',
    })
  })

  it('what was modified is released as it was edited, and not as it had been', async () => {
    const key = await test.found()
    const ai_output = { text: 'as it was' }
    const held = await send(key, { ...gateAsync, ai_output })
    const edited = await send(key, { ...gateAsync, ai_output: { text: 'as it is better' } })
    await act(key, held.ai_decision_log_id, {
      action: 'modify',
      edited_output_hash: edited.ai_output_hash,
    })
    const resume_of = held.ai_decision_log_id
    expect(await send(key, { ...gateAsync, ai_output, resume_of })).toMatchObject({ state: 'pending' })
    expect(
      await send(key, { ...gateAsync, ai_output: { text: 'as it is better' }, resume_of }),
    ).toMatchObject({ state: 'released' })
  })
})

describe('drs-fails-closed-at-every-fault-point', () => {
  /** A database whose nth statement fails. */
  function failing(nth: number): { readonly deps: OversightDeps; readonly hasFailed: () => boolean } {
    let asked = 0
    let hasFailed = false
    const { pool } = test.deps.db
    const client = (real: object): object =>
      new Proxy(real, {
        get: (target, name) => {
          // Safe: a proxy hands on whatever the client has under the name.
          const member = Reflect.get(target, name) as unknown
          if (typeof member !== 'function') return member
          if (name !== 'query') return member.bind(target) as unknown
          return (...words: unknown[]) => {
            asked += 1
            if (asked !== nth) return Reflect.apply(member, target, words) as unknown
            hasFailed = true
            return Promise.reject(new Error('The statement failed'))
          }
        },
      })
    const failingPool = new Proxy(pool, {
      get: (target, name) => {
        // Safe: as above.
        const member = Reflect.get(target, name) as unknown
        if (name === 'connect') return async () => client(await target.connect())
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
    return {
      deps: { ...test.deps, db: { ...test.deps.db, pool: failingPool } },
      hasFailed: () => hasFailed,
    }
  }

  it('whichever statement fails, the answer blocks or is a failure that leaves nothing behind', async () => {
    const key = await test.found()
    let faults = 0
    for (let nth = 1; ; nth += 1) {
      const { deps, hasFailed } = failing(nth)
      let answer: string
      try {
        answer = (await send(key, flatAuto, deps)).routing_decision
      } catch (error) {
        answer = error instanceof Problem ? error.code : String(error)
      }
      if (!hasFailed()) {
        expect(answer).toBe('auto')
        break
      }
      faults += 1
      // What is no outage is nothing that a client waits out.
      expect({ nth, answer }).toEqual({
        nth,
        answer: expect.stringMatching(/^(?:policy_blocked|Error: The statement failed)$/) as string,
      })
    }
    expect(faults).toBeGreaterThan(12)
    // Nothing is there twice, or half: the chain holds, and every decision of it blocks but the last.
    const { decisions } = await listDecisions(test.deps, key, { limit: 100 }, test.context())
    expect(decisions.map((one) => one.state)).toEqual([
      'released',
      ...decisions.slice(1).map(() => 'blocked'),
    ])
    expect((await verifyChain(test.deps, key, test.publicKeys)).intact).toBe(true)
  })

  it.each([
    ['deadlock_detected', '40P01'],
    ['serialization_failure', '40001'],
  ])('a-decision-outlasts-conflicts-of-transactions: %s', async (_what, code) => {
    const key = await test.found()
    const { pool } = test.database.db
    // A sequence counts on although the transaction is undone.
    await pool.query(`
      CREATE SEQUENCE oversight.conflicts;
      GRANT USAGE ON SEQUENCE oversight.conflicts TO PUBLIC;
      CREATE FUNCTION oversight.conflict() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('oversight.conflicts') <= 2 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '${code}'; END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER conflict BEFORE INSERT ON oversight.decision FOR EACH ROW EXECUTE FUNCTION oversight.conflict()`)
    try {
      expect(await send(key, flatAuto)).toMatchObject({ routing_decision: 'auto', state: 'released' })
      const { rows } = await pool.query<{ tried: number }>(
        'SELECT last_value::int AS tried FROM oversight.conflicts',
      )
      expect(rows).toEqual([{ tried: 3 }])
      expect((await listDecisions(test.deps, key, { limit: 100 }, test.context())).decisions).toHaveLength(1)
      expect((await verifyChain(test.deps, key, test.publicKeys)).intact).toBe(true)
    } finally {
      await pool.query(`
        DROP TRIGGER conflict ON oversight.decision;
        DROP FUNCTION oversight.conflict();
        DROP SEQUENCE oversight.conflicts`)
    }
  })

  it('a policy that cannot be read blocks, with the score 1 and the trigger engine_error', async () => {
    const key = await test.found()
    // As somebody who holds the whole database could.
    const { pool } = test.database.db
    await pool.query('ALTER TABLE oversight.decision_policy NO FORCE ROW LEVEL SECURITY')
    await pool.query(
      `INSERT INTO oversight.decision_policy (org_id, version, body, created_at) VALUES ($1, 2, '{}', now())`,
      [key.orgId],
    )
    const reply = await send(key, flatAuto)
    expect(reply).toMatchObject({
      decision_risk_score: 1,
      drs: 1,
      routing_decision: 'policy_blocked',
      drs_tier: 'critical',
      drs_reason_codes: ['engine_error'],
      policy_triggers: ['engine_error'],
      state: 'blocked',
      resume_token: null,
    })
    // What it was computed from was never there.
    expect(await codeOf(replayDecision(test.deps, key, reply.ai_decision_log_id, test.context()))).toBe(
      'INPUTS_EXPIRED',
    )
  })
})

describe('decision-replay-is-byte-identical', () => {
  it('whatever was sent and whatever was decided since', async () => {
    const key = await test.found()
    for (const body of h80Bodies(test.clock.now()).slice(0, 60))
      await scoreInteraction(test.deps, key, scoreBody.parse(body), 'full', test.context())
    const bodies: object[] = [flatAuto, flatMustReview, gateAsync, { ...gateAsync, tags: ['a', 'b'] }]
    for (const decision of ['accepted', 'modified', 'rejected', 'independent', 'defer'])
      for (const model_confidence of [null, 0.1, 0.7])
        for (const operator_id of ['h80', 'nobody'])
          bodies.push({
            operator_id,
            domain: 'healthcare',
            decision,
            modification_extent: 0.123,
            model_confidence,
            time_to_decision_ms: 1_800.4,
            hover_events: 0,
            scroll_depth: 0.0333,
            alternative_views_checked: 0,
          })
    const ids: string[] = []
    for (const body of bodies) ids.push((await send(key, body)).ai_decision_log_id)
    await setRules(key, { routes: { async_review: 0.2, must_review: 0.5 }, stakes: { healthcare: 0.77 } })
    for (const body of bodies.slice(0, 12)) ids.push((await send(key, body)).ai_decision_log_id)
    // Afterwards everything that they rest on is different.
    await setRules(key, {
      routes: { async_review: 0.01, must_review: 0.02 },
      stakes: { healthcare: 0.1, aviation: 0 },
      triggers: [],
    })
    await scoreInteraction(
      test.deps,
      key,
      scoreBody.parse(h80Bodies(test.clock.now())[70]),
      'full',
      test.context(),
    )
    const [, escalated = ''] = ids
    await act(key, escalated, { action: 'approve' })
    for (const id of ids) {
      const { replay, score } = await replayDecision(test.deps, key, id, test.context())
      expect({ id, ...replay }).toEqual({
        id,
        decision_risk_score: score.score,
        routing_decision: score.route,
        identical: true,
      })
    }
  })
})
