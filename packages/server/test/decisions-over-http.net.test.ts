import { query, within } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { type Scored, waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { createKey, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  owner = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, owner, 'oversight')
})
afterAll(() => server.stop())

describe('resume-token-opens-only-its-own-decision', () => {
  const from = { 'x-forwarded-for': '203.0.113.7' }
  const resume = async (token: string | null) => {
    const body = { resume_token: token, wait_s: 0 }
    const { status, text } = await server.client.send('/v1/decision/resume', { body, headers: from })
    return { status, text }
  }

  it('the right one is asked for as often as one likes, and guessing is over after sixty', async () => {
    const { resume_token: token } = await withOversightKey(server.client, key).score(waitingGate)
    for (let at = 0; at < 100; at += 1) expect((await resume(token)).status).toBe(202)
    const codes = new Set<string>()
    for (let at = 0; at < 60; at += 1) {
      const { status, text } = await resume(`rst_${String(at).padStart(43, 'A')}`)
      expect(status).toBe(404)
      codes.add(text.replaceAll(/"(?:request_id|timestamp)":"[^"]+"/g, ''))
    }
    expect(codes.size).toBe(1)
    expect((await resume(`rst_${'B'.repeat(43)}`)).status).toBe(429)
  })
})

describe('people', () => {
  const byHand = '/dashboard/oversight'

  it('a member sees the queue and reviews as themselves; a viewer sees none of it', async () => {
    const { client } = server
    const held = await withOversightKey(client, key).score(waitingGate)
    const [member, viewer] = [await join(client, owner, 'member'), await join(client, owner, 'viewer')]
    const ask = (who: SignedIn, path: string, body?: object) =>
      client.send(`${byHand}${path}`, { credential: who.accessToken, body })
    for (const path of ['/decision/queue', '/decisions', `/decision/${held.ai_decision_log_id}`])
      expect({ path, status: (await ask(viewer, path)).status }).toEqual({ path, status: 403 })
    const ofPeople = [
      '/organization/operators',
      '/alerts',
      '/imports',
      '/compliance/reports',
      '/organization/settings',
    ]
    for (const path of ofPeople) {
      const statuses = [(await ask(viewer, path)).status, (await ask(member, path)).status]
      expect({ path, statuses }).toEqual({ path, statuses: [403, 200] })
    }
    // It names nobody, and is withheld below five people.
    expect(JSON.parse((await ask(viewer, '/organization/dashboard')).text)).toMatchObject({ team_gain: null })
    const queue = JSON.parse((await ask(member, '/decision/queue')).text) as { decisions: Scored[] }
    expect(queue.decisions.map((one) => one.ai_decision_log_id)).toContain(held.ai_decision_log_id)
    const action = `/decision/${held.ai_decision_log_id}/reviewer-action`
    const override = { action: 'override', reason_code: 'urgent' }
    expect((await ask(member, action, override)).status).toBe(403)
    const reviewed = await ask(member, action, { action: 'approve', note: 'looked at' })
    expect(JSON.parse(reviewed.text)).toMatchObject({
      state: 'resolved',
      resolution: { reviewer_id: member.user.id, by: 'reviewer', final_route: 'auto' },
      reviews: [{ reviewer_id: member.user.id, reviewer_role: 'member', note: 'looked at' }],
    })
    expect((await ask(owner, action, override)).status).toBe(409)
  })

  it('the policy is read with its version, and changed on top of it', async () => {
    const path = `${byHand}/decision/policy`
    const credential = owner.accessToken
    const { headers, text } = await server.client.send(path, { credential })
    const etag = headers.get('etag') ?? ''
    // Compressed, and so weakened.
    expect(etag).toBe('W/"pol_1"')
    expect(JSON.parse(text)).toMatchObject({ version: 1, created_at: null })
    const change = (expected: string) =>
      server.client.send(path, {
        method: 'PUT',
        credential,
        headers: { 'if-match': expected },
        body: { pools: { tower: ['reviewer-1'] } },
      })
    const changed = await change(etag)
    expect([changed.status, JSON.parse(changed.text)]).toMatchObject([200, { version: 2 }])
    const late = await change(etag)
    expect(late.status).toBe(412)
    expect(JSON.parse(late.text)).toMatchObject({ error: { code: 'VERSION_MISMATCH' } })
  })

  it('a change is previewed by whoever may make it, in both doors, and refused where saving would refuse it', async () => {
    const { client } = server
    const headers = { 'x-api-key': key }
    const credential = owner.accessToken
    const [byKey, byMember] = ['/v1/decision/policy', `${byHand}/decision/policy`]
    const change = { routes: { async_review: 0.9, must_review: 0.9 } }
    const seen = [
      await client.send(`${byKey}/preview`, { headers, body: change }),
      await client.send(`${byMember}/preview`, { credential, body: change }),
    ].map(({ status, text }) => {
      const { request_id: _id, timestamp: _at, ...reply } = JSON.parse(text) as Record<string, unknown>
      return { status, reply }
    })
    expect(seen[0]).toMatchObject({ status: 200, reply: { moved: { stricter: 0 }, changed: { waiting: 0 } } })
    expect(seen[1]).toEqual(seen[0])
    expect(JSON.parse((await client.send(byKey, { headers })).text)).toMatchObject({
      routes: { async_review: 0.35, must_review: 0.6 },
    })
    for (const body of [
      {},
      { routes: { async_review: 0.7, must_review: 0.6 } },
      { expiry: { async_review_s: 1, must_review_s: 300 } },
      { triggers: [{ id: 'x', enabled: true, minimum_route: 'auto', when: [] }] },
      { surprise: 1 },
    ]) {
      const errors = [
        await client.send(byKey, { method: 'PUT', headers, body }),
        await client.send(`${byKey}/preview`, { headers, body }),
      ].map(({ status, text }) => {
        const { error } = JSON.parse(text) as { error?: { code: string; errors: object[] } }
        return { status, code: error?.code, errors: error?.errors }
      })
      expect(errors[0]).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' })
      expect(errors[0]?.errors).not.toEqual([])
      expect(errors[1]).toEqual(errors[0])
    }
  })
})

it('webhooks hear of what waits, of what was handed on and of what ended, in the form that the client reads', async () => {
  const { client } = server
  const events = ['drs.must_review', 'drs.escalation', 'drs.resolved', 'oversight.decision_routed']
  await client.ask('/dashboard/webhooks', {
    credential: owner.accessToken,
    headers: await proveAnew(client, owner),
    body: { url: 'https://93.184.216.34/', events },
  })
  const { score, review } = withOversightKey(client, key)
  await score({ model: { provider: 'openai' }, domain: 'general' })
  const held = await score({ ...waitingGate, operator_id: 'pilot-7', decision_category: 'landing' })
  await review(held.ai_decision_log_id, { action: 'escalate' })
  await review(held.ai_decision_log_id, { action: 'reject', reason_code: 'fog' })
  const admin = { kind: 'system', orgId: owner.user.teamId, because: 'test' } as const
  const bodies = await within(server, admin, async (tx) => {
    const { rows } = await sql<{ body: string }>`
      SELECT body FROM gatehouse.delivery WHERE org_id = ${tx.orgId} AND event = ANY (${events})
       ORDER BY created_at, id`.execute(query(tx))
    return rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
  })
  // A decision that is released at once is nobody's business.
  expect(bodies.map(({ event }) => event)).toEqual([
    'oversight.decision_routed',
    'drs.must_review',
    'drs.escalation',
    'drs.resolved',
  ])
  for (const body of bodies) expect(body['type']).toBe(body['event'])
  expect(bodies[0]).toMatchObject({
    org_id: owner.user.teamId,
    data: {
      ai_decision_log_id: held.ai_decision_log_id,
      routing_decision: 'async_review',
      decision_risk_score: 0.4338,
      policy_triggers: [],
    },
  })
  const flat = {
    ai_decision_log_id: held.ai_decision_log_id,
    routing_decision: 'must_review',
    drs: 0.4338,
    drs_tier: 'medium',
    forced_escalation_rules_triggered: [],
    policy_version_id: expect.stringMatching(/^pol_\d+$/) as string,
    review_queue_id: expect.stringMatching(/^rq_/) as string,
    domain: 'aviation',
    decision_category: 'landing',
    fallback_route: 'policy_blocked',
  }
  expect(bodies[1]).toMatchObject(flat)
  expect(bodies[3]).toMatchObject({
    ...flat,
    gate_id: held.ai_decision_log_id,
    resolution: { action: 'reject', final_route: 'policy_blocked', reason_code: 'fog' },
  })
  // Nobody is named to whoever listens.
  expect(JSON.stringify(bodies)).not.toContain('pilot-7')
})
