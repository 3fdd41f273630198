import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { subscriberHandlers } from '../handlers/subscriber-handlers.ts'
import { subscriberLost } from '../jobs/subscriber-lost.ts'
import { createPageCache } from '../pages/page-cache.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { endSubscription } from './answer-invitation.ts'
import { createIncident } from './create-incident.ts'
import { createService } from './create-service.ts'
import { resolveIncident } from './handle-incident.ts'
import { listSubscribers } from './list-subscribers.ts'
import { subscribeWebhook } from './subscribe-webhook.ts'
import { updateService } from './update-service.ts'

type Got = { readonly headers: IncomingHttpHeaders; readonly text: string }

let uptime: TestUptime
let url: string
let made = 0
const got: Got[] = []
type Answer = (got: Got) => readonly [status: number, text: string]
let answer: Answer
const echo = ({ text }: Got) =>
  // Safe: what this instance sends.
  [200, JSON.stringify({ challenge: (JSON.parse(text) as { challenge: string }).challenge })] as const
const sink = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (text += chunk))
  request.on('end', () => {
    const one = { headers: request.headers, text }
    got.push(one)
    const [status, reply] = answer(one)
    response.writeHead(status).end(reply)
  })
})

beforeAll(async () => {
  uptime = await startTestUptime()
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const address = sink.address()
  if (address === null || typeof address === 'string') throw new Error('The sink has a port')
  url = `http://127.0.0.1:${address.port}/hook?key=theirs`
})
afterAll(async () => {
  sink.close()
  await uptime.database.drop()
})
beforeEach(async () => {
  await uptime.forgetDeliveries()
  got.length = 0
  answer = echo
})

async function publish(plan?: string) {
  const member = await uptime.found(plan)
  const page = await createService(uptime.deps, member, { name: 'Shop', slug: `hook-${(made += 1)}` })
  const asked = { serviceId: page.id, url, componentIds: [], language: 'en' } as const
  const subscribe = (other = {}) => subscribeWebhook(uptime.deps, member.orgId, { ...asked, ...other })
  return { member, page, subscribe }
}

it('a-webhook-subscribes-by-returning-the-challenge: then it is told what the page shows, signed in both ways', async () => {
  const { member, page, subscribe } = await publish()
  const { id, secret, unsubscribeUrl } = await subscribe()
  expect(JSON.parse(got[0]?.text ?? '')).toEqual({
    type: 'subscription.verify',
    challenge: expect.stringMatching(/^[\w-]{43}$/),
  })
  const listed = await listSubscribers(uptime.deps, member, page.id, {})
  expect(listed).toMatchObject({
    confirmed: 1,
    subscribers: [{ id, kind: 'webhook', address: new URL(url).host }],
  })
  expect(JSON.stringify(listed)).not.toContain('theirs')
  got.length = 0
  answer = () => [204, '']
  const { id: incidentId } = await createIncident(uptime.deps, member, {
    title: 'Slow',
    cause: 'an inner matter',
    serviceId: page.id,
  })
  await uptime.deliverToSubscribers()
  const [told] = got
  const url1 = `https://gate.example.com/status/${page.slug}`
  expect(JSON.parse(told?.text ?? '')).toEqual({
    type: 'incident.created',
    timestamp: expect.any(String),
    page: { id: page.id, name: 'Shop', url: url1 },
    incident: {
      id: incidentId,
      title: 'Slow',
      impact: 'minor',
      phase: 'investigating',
      update: null,
      startedAt: expect.any(String),
      resolvedAt: null,
      components: [],
      url: `${url1}#incident-${incidentId}`,
    },
  })
  const { headers, text }: Got = told ?? { headers: {}, text: '' }
  const nowMs = Number(headers['webhook-timestamp']) * 1_000
  const signed = {
    'webhook-id': String(headers['webhook-id']),
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  }
  expect(Math.abs(nowMs - uptime.clock.now())).toBeLessThanOrEqual(1_000)
  expect(() => new Webhook(secret).verify(text, signed)).not.toThrow()
  expect(() => new Webhook(secret).verify(`${text} `, signed)).toThrow()
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  expect(headers['x-manako-signature']).toBe(`sha256=${createHmac('sha256', key).update(text).digest('hex')}`)
  // A failed attempt is made again, under the same id.
  got.length = 0
  answer = () => [503, '']
  await resolveIncident(uptime.deps, member, incidentId, undefined)
  await uptime.deliverToSubscribers()
  answer = () => [204, '']
  uptime.clock.advance(60_000)
  await uptime.deliverToSubscribers()
  expect(got.map((one) => one.headers['webhook-id'])).toEqual(Array(2).fill(got[0]?.headers['webhook-id']))
  expect(JSON.parse(got[1]?.text ?? '')).toMatchObject({ type: 'incident.resolved' })
  await endSubscription(uptime.deps, new URL(unsubscribeUrl).searchParams.get('token') ?? '')
  expect(await listSubscribers(uptime.deps, member, page.id, {})).toMatchObject({ confirmed: 0 })
})

it.each<[what: string, given: Answer]>([
  ['answers something else', () => [200, 'hello']],
  ['returns it with a failure', (one: Got) => [500, echo(one)[1]]],
  ['asks to go elsewhere', (one: Got) => [302, echo(one)[1]]],
])(
  'a-webhook-subscribes-by-returning-the-challenge: a URL that %s is no subscriber, and nothing that it says is told',
  async (_what, given) => {
    const { member, page, subscribe } = await publish()
    answer = given
    await expect(subscribe()).rejects.toMatchObject({
      code: 'DELIVERY_FAILED',
      detail: 'webhookUrl: must answer with 2xx and the challenge within 10 s',
    })
    expect(await listSubscribers(uptime.deps, member, page.id, {})).toMatchObject({ subscribers: [] })
  },
)

it.each([
  'http://example.com/',
  'https://10.0.0.1/',
  'https://rebinds.example.com/',
  'ftp://example.com/',
  'x',
])('%s is refused by the name of its field, and nothing is sent', async (forbidden) => {
  const { subscribe } = await publish()
  await expect(subscribe({ url: forbidden })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'webhookUrl' }],
  })
  expect(got).toEqual([])
})

it('a webhook that is gone, or of a page that became one of members, is told nothing more', async () => {
  const { member, page, subscribe } = await publish()
  await subscribe()
  got.length = 0
  answer = () => [410, '']
  await createIncident(uptime.deps, member, { title: 'Slow', serviceId: page.id })
  await uptime.deliverToSubscribers()
  const { rows } = await uptime.database.db.pool.query<{ payload: { subscriberId: string } }>(
    "SELECT payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier = 'uptime.subscriber-lost'",
  )
  expect(rows).toMatchObject([{ payload: { orgId: member.orgId, result: 'answered 4xx' } }])
  const [{ id: subscriberId } = { id: '' }] = (await listSubscribers(uptime.deps, member, page.id, {}))
    .subscribers
  await updateService(uptime.deps, member, page.id, { isPublic: false })
  await createIncident(uptime.deps, member, { title: 'Slow again', serviceId: page.id })
  await uptime.deliverToSubscribers()
  expect(got).toHaveLength(1)
  await subscriberLost(uptime.deliverDeps, member.orgId, { subscriberId, result: 'answered 4xx' })
  expect(await listSubscribers(uptime.deps, member, page.id, {})).toMatchObject({ subscribers: [] })
})

it('a browser shows what the owner of a webhook keeps, and the form again for one that returns nothing', async () => {
  const { page } = await publish()
  const { subscribeToPage } = subscriberHandlers(uptime.deps, createPageCache(uptime.deps))
  const send = async () => {
    const input = {
      params: { slug: page.slug },
      query: {},
      body: new URLSearchParams({ webhookUrl: url }).toString(),
    }
    const context = {
      requestId: 'req',
      ip: '127.0.0.1',
      userAgent: undefined,
      url: '/',
      receivedAtMs: 0,
      signal: AbortSignal.timeout(60_000),
      refund: () => undefined,
      header: () => undefined,
    }
    const { status, body } = await subscribeToPage({ kind: 'visitor', ip: '127.0.0.1' }, input, context)
    return { status, text: typeof body === 'string' ? body : '' }
  }
  const shown = await send()
  expect(shown).toMatchObject({ status: 201, text: expect.stringMatching(/<code>whsec_[\w+/]{43}=<\/code>/) })
  answer = () => [200, 'no']
  expect(await send()).toMatchObject({
    status: 502,
    text: expect.stringContaining('did not return the challenge'),
  })
})
