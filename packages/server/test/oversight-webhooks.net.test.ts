import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

type Registered = {
  readonly endpoint_id: string
  readonly signing_secret: string
  readonly warnings: readonly string[]
}
type Listed = { readonly endpoints: readonly { readonly endpoint_id: string }[]; readonly count: number }

const received: Received[] = []
let server: ComposedServer
let sink: Listener
let ann: SignedIn
let key: string

beforeAll(async () => {
  sink = await listenWebhooks(received)
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
})

type Call = Parameters<ComposedServer['client']['send']>[1]

const send = (path: string, call: Call = {}, by = key) =>
  server.client.send(path, { ...call, headers: { 'x-api-key': by, ...call.headers } })
const ask = async <T>(path: string, call: Call = {}, by = key): Promise<T> => {
  const { status, text } = await send(path, call, by)
  expect({ path, isDone: status < 300, text: status < 300 ? '' : text }).toMatchObject({ isDone: true })
  return JSON.parse(text) as T
}
const register = (more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  send('/v1/admin/webhook/register', {
    headers,
    body: { url: `http://127.0.0.1:${sink.port}/`, events: ['score.committed'], ...more },
  })
const list = (by = key): Promise<Listed> => ask<Listed>('/v1/admin/webhook/list', {}, by)
const remove = (id: string, by = key) => send(`/v1/admin/webhook/${id}`, { method: 'DELETE' }, by)

const decided = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  hover_events: 2,
}
const score = (session_id: string, changes: object = {}) =>
  ask<{ interaction_id: string; receipt: object }>('/v1/score', {
    body: {
      session_id,
      operator_id: 'analyst-42',
      domain: 'financial',
      interaction: { ...decided, ...changes },
    },
  })

const bodies = () => received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)

it('a score and its commit are told, signed for the public client and for everybody, and name no operator', async () => {
  const made = JSON.parse((await register()).text) as Registered
  const scored = await score('sess-1')
  await score('sess-1')
  await score('sess-2', { decision: 'defer', modification_extent: 0 })
  await ask('/v1/score/batch', {
    body: { session_id: 'b', operator_id: 'analyst-42', domain: 'financial', interactions: [decided] },
  })
  await ask('/v1/score/sess-1/commit', { body: { decision: 'modified', modification_extent: 0.3 } })
  await expect.poll(() => received.length).toBe(2)
  const inOrder = bodies().toSorted((a, b) => Number(a['committed']) - Number(b['committed']))
  expect(inOrder).toMatchObject([
    { ...scored, event: 'score.committed', committed: false, operator_id: null },
    { event: 'score.committed', committed: true, operator_id: null, org_id: ann.user.teamId },
  ])
  for (const { headers, body } of received) {
    expect(new Webhook(made.signing_secret).verify(body, headers as Record<string, string>)).toBeTruthy()
    const stamp = String(headers['x-cohesion-timestamp'])
    const hex = createHmac('sha256', made.signing_secret).update(`${stamp}.${body}`).digest('hex')
    expect(headers['x-cohesion-signature']).toBe(`sha256=${hex}`)
    expect(headers['x-cohesion-idempotency-key']).toBe(headers['webhook-id'])
  }
  await expect
    .poll(async () => (await list()).endpoints)
    .toMatchObject([{ endpoint_id: made.endpoint_id, last_delivery: { state: 'delivered', status: 200 } }])
  expect((await remove(made.endpoint_id)).status).toBe(200)
})

it('a secret is shown once: not in a list, and not to whoever asks again under the same Idempotency-Key', async () => {
  const once = { 'idempotency-key': 'register-once' }
  const first = JSON.parse((await register({ secret: 'brought along' }, once)).text) as Registered
  expect(first.signing_secret).toMatch(/^whsec_/)
  expect(first.warnings).toEqual(['secret_not_used'])
  const { text } = await register({ secret: 'brought along' }, once)
  expect(text).not.toContain(first.signing_secret)
  expect((await send('/v1/admin/webhook/list')).text).not.toContain(first.signing_secret)
  await remove(first.endpoint_id)
})

it('keys see and delete what keys of the service registered; people see all of it, and another org nothing', async () => {
  const credential = ann.accessToken
  const { webhook } = await server.client.ask<{ webhook: { id: string } }>('/dashboard/webhooks', {
    credential,
    headers: await proveAnew(server.client, ann),
    body: { url: 'https://93.184.216.34/', events: ['key.created'] },
  })
  const made = JSON.parse((await register()).text) as Registered
  expect((await list()).endpoints.map(({ endpoint_id: id }) => id)).toEqual([made.endpoint_id])
  expect((await remove(webhook.id)).status).toBe(404)
  const { webhooks } = await server.client.ask<{ webhooks: { id: string }[] }>('/dashboard/webhooks', {
    credential,
  })
  expect(webhooks.map(({ id }) => id).toSorted()).toEqual([webhook.id, made.endpoint_id].toSorted())
  const bob = await foundSecondOrg(server.client, ann)
  const stranger = await createKey(server.client, bob, 'oversight')
  expect(await list(stranger)).toMatchObject({ count: 0 })
  expect((await remove(made.endpoint_id, stranger)).status).toBe(404)
  expect((await remove(made.endpoint_id)).status).toBe(200)
})

it('a key without the scope registers nothing', async () => {
  const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { name: 'reader', service: 'oversight', scopes: ['organization:read'] },
  })
  const body = { url: 'https://93.184.216.34/', events: ['score.committed'] }
  expect((await send('/v1/admin/webhook/register', { body }, apiKey.key)).status).toBe(403)
})

it('registering and deleting are entries of the audit log', async () => {
  const made = JSON.parse((await register()).text) as Registered
  await remove(made.endpoint_id)
  const { events } = await ask<{ events: { event_type: string; detail: string }[] }>(
    '/v1/admin/audit-log?limit=100',
  )
  // Beside them stands that the key was let in, whenever that was written.
  expect(events.filter(({ detail }) => detail === made.endpoint_id)).toMatchObject([
    { event_type: 'webhook.delete', detail: made.endpoint_id },
    { event_type: 'webhook.create', detail: made.endpoint_id },
  ])
})

it.each([
  ['an event that does not exist', { events: ['score.imagined'] }, 'events[0]'],
  ['no event', { events: [] }, 'events'],
  ['a private address', { url: 'http://10.0.0.1/' }, 'url'],
  ['no URL', { url: 'nowhere' }, 'url'],
])('%s is refused by its field', async (_what, more, field) => {
  const { status, text } = await register(more)
  expect(status).toBe(422)
  expect(JSON.parse(text)).toMatchObject({ error: { field } })
})

it('a key that is rotated is told to those who asked', async () => {
  received.length = 0
  await register({ events: ['key.rotated'] })
  const own = await createKey(server.client, ann, 'oversight')
  await ask('/v1/admin/key/rotate', { body: {} }, own)
  await expect
    .poll(() => bodies())
    .toMatchObject([{ event: 'key.rotated', data: { prefix: expect.any(String) } }])
})

it('an objection is told when it is raised and when it is decided, and names nobody', async () => {
  received.length = 0
  const made = JSON.parse(
    (await register({ events: ['oversight.contest_opened', 'oversight.contest_decided'] })).text,
  ) as Registered
  const { interaction_id: interaction } = await score('contested-1', { outcome_correct: true })
  const { url } = await ask<{ url: string }>('/v1/operator/analyst-42/access-link', { body: { days: 7 } })
  const { contest } = await server.client.ask<{ contest: { contest_id: string; due_at: string } }>(
    '/v1/own-record/contests',
    {
      credential: new URL(url).hash.slice(1),
      body: { interaction_id: interaction, reason: 'wrong_outcome', statement: 'It was the other way round' },
    },
  )
  await expect.poll(() => received.length).toBe(1)
  await server.client.ask(`/dashboard/oversight/contests/${contest.contest_id}/decision`, {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { decision: 'upheld', exclude: true },
  })
  await expect.poll(() => received.length).toBe(2)
  expect(bodies()).toMatchObject([
    {
      event: 'oversight.contest_opened',
      org_id: ann.user.teamId,
      data: { contest_id: contest.contest_id, state: 'open', due_at: contest.due_at },
    },
    {
      event: 'oversight.contest_decided',
      data: { contest_id: contest.contest_id, state: 'upheld', due_at: contest.due_at },
    },
  ])
  for (const { headers, body } of received) {
    expect(body).not.toMatch(/analyst-42|other way round|wrong_outcome/)
    expect(new Webhook(made.signing_secret).verify(body, headers as Record<string, string>)).toBeTruthy()
  }
  await remove(made.endpoint_id)
})
