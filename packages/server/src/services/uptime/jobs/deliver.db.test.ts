import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { mutate } from '@gatehouse/kernel/audit'
import { mailStyles } from '@gatehouse/kernel/design'
import type { Egress } from '@gatehouse/kernel/egress'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { listDeliveries } from '../usecases/list-channels.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { acknowledgeIncident } from '../usecases/handle-incident.ts'
import { listIncidents } from '../usecases/list-incidents.ts'
import { updateMonitor } from '../usecases/update-monitor.ts'
import { setChannelVerified } from '../store/channel-store.ts'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { remind } from './remind.ts'

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string }

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const received: Received[] = []
let answer = 200
let sinkUrl: string
const sink = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    received.push({ headers: request.headers, body })
    response.writeHead(answer, { location: '/elsewhere' }).end('a secret of the receiver')
  })
})
let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const address = sink.address()
  if (address === null || typeof address === 'string') throw new Error('The sink has a port')
  sinkUrl = `http://127.0.0.1:${address.port}/hook`
})
afterAll(async () => {
  sink.close()
  await uptime.database.drop()
})
beforeEach(async () => {
  await uptime.forgetDeliveries()
  received.length = 0
  answer = 200
})

/** A monitor that has just been confirmed down, told to one webhook channel. */
async function breakMonitor() {
  const member = await uptime.found()
  const { channel } = await createChannel(uptime.deps, member, {
    type: 'webhook',
    name: 'Sink',
    config: { url: sinkUrl, secret },
  })
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'http',
    name: 'Shop',
    config: { url: 'https://example.com/' },
  })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  return { member, monitor, channel }
}

async function log(broken: Awaited<ReturnType<typeof breakMonitor>>) {
  const { deliveries } = await listDeliveries(uptime.deps, broken.member, broken.channel.id, {})
  return deliveries.toReversed()
}

it('the fifth down sends one webhook that the reference library verifies', async () => {
  const broken = await breakMonitor()
  const [opening, ...others] = await log(broken)
  expect(others).toEqual([])
  await uptime.deliver()
  const [hook] = received
  const headers = {
    'webhook-id': String(hook?.headers['webhook-id']),
    'webhook-timestamp': String(hook?.headers['webhook-timestamp']),
    'webhook-signature': String(hook?.headers['webhook-signature']),
  }
  expect(new Webhook(secret).verify(hook?.body ?? '', headers)).toMatchObject({
    event: 'incident.created',
    monitorName: 'Shop',
    monitorId: broken.monitor.id,
    severity: 'critical',
  })
  expect(headers['webhook-id']).toBe(opening?.id)
  const plain = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
  expect(hook?.headers['x-manako-signature']).toBe(`sha256=${plain.update(hook?.body ?? '').digest('hex')}`)
  expect((await log(broken))[0]).toMatchObject({ state: 'sent', attempts: [{ result: 'accepted' }] })
})

it('a delivery that was sent is not sent again', async () => {
  await breakMonitor()
  await uptime.deliver()
  await uptime.deliver()
  expect(received).toHaveLength(1)
})

it('killed-mid-delivery-still-delivers-once-or-more: after the lease of a dead node, under the same id', async () => {
  const broken = await breakMonitor()
  const [opening] = await log(broken)
  const id = opening?.id ?? ''
  // A node takes the delivery in hand and is never heard of again.
  const taken = Promise.withResolvers<void>()
  const silent: Egress = {
    ...uptime.deps.egress,
    request: () => {
      taken.resolve()
      return new Promise(() => undefined)
    },
  }
  void uptime.deliver({ egress: silent })
  await taken.promise
  uptime.clock.advance(39_999)
  await uptime.deliver()
  expect(received).toHaveLength(0)
  uptime.clock.advance(2)
  await uptime.deliver()
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([id])
})

it('a receiver that fails is tried eight times under one id, then the owners are told another way', async () => {
  const broken = await breakMonitor()
  answer = 500
  const [opening] = await log(broken)
  const id = opening?.id ?? ''
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await uptime.deliver()
    expect(received).toHaveLength(attempt)
    uptime.clock.advance(8 * 60 * 60 * 1000)
  }
  const [failed] = await log(broken)
  expect(failed).toMatchObject({ state: 'failed', reason: 'answered 5xx' })
  expect(failed?.attempts).toHaveLength(8)
  expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]))
  // What the receiver said is nowhere, so that a channel cannot be used to read private pages.
  expect(JSON.stringify(failed)).not.toContain('a secret of the receiver')
})

it.each([301, 302, 303, 304, 307, 308])(
  'a receiver that answers %i once has the notice after the next attempt, and the redirect is not followed',
  async (status) => {
    const broken = await breakMonitor()
    const [opening] = await log(broken)
    answer = status
    await uptime.deliver()
    expect((await log(broken))[0]).toMatchObject({
      state: 'retrying',
      reason: 'answered 3xx: redirects are not followed',
    })
    answer = 200
    uptime.clock.advance(60_000)
    await uptime.deliver()
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([opening?.id]))
    expect((await log(broken))[0]).toMatchObject({ state: 'sent' })
    expect(received).toHaveLength(2)
  },
)

it('a recovery never overtakes the news of the outage', async () => {
  const broken = await breakMonitor()
  answer = 503
  const { orgId } = broken.member
  await uptime.deliver()
  await uptime.observe(orgId, broken.monitor.id, ['up'])
  answer = 200
  const [merged, resolution] = await log(broken)
  // The opening did not get through in time, so both became one message.
  expect(merged).toMatchObject({ event: 'incident.created', state: 'merged' })
  expect(resolution).toMatchObject({ event: 'incident.resolved', state: 'queued' })
  await uptime.deliver()
  expect(JSON.parse(received.at(-1)?.body ?? '{}')).toMatchObject({
    event: 'incident.resolved',
    startedAt: expect.any(String),
    resolvedAt: expect.any(String),
  })
})

/** A channel of mails that is open. */
async function openMailbox(member: MemberPrincipal, language: 'en' | 'ja'): Promise<void> {
  const { channel } = await createChannel(uptime.deps, member, {
    type: 'email',
    name: 'Mail',
    config: { email: 'ops@example.com' },
    language,
  })
  await mutate(uptime.deps, member, async (tx) => {
    await setChannelVerified(tx, channel.id, 'ops@example.com', uptime.clock.now())
    return { result: undefined, entry: { action: 'test.verify', at: uptime.clock.now() } }
  })
}

it('a-notice-says-why-in-its-language: that it began, that it goes on, and that it is over', async () => {
  const member = await uptime.found()
  await openMailbox(member, 'ja')
  const settings = { type: 'http', config: { url: 'https://example.com/' }, downThreshold: 1 }
  const shop = await createMonitor(uptime.deps, member, { ...settings, renotifyMinutes: 5 })
  const till = await createMonitor(uptime.deps, member, settings)
  uptime.mails.length = 0
  await uptime.observe(member.orgId, shop.id, ['up', 'down'])
  await uptime.deliver()
  const { incidents } = await listIncidents(uptime.deps, member, {})
  await remind(uptime.deliverDeps, member.orgId, incidents[0]?.id ?? '')
  await uptime.deliver()
  await uptime.observe(member.orgId, shop.id, ['up'])
  await uptime.deliver()
  await uptime.observe(member.orgId, till.id, ['up', 'down'])
  await uptime.deliver()
  await updateMonitor(uptime.deps, member, till.id, { isActive: false })
  await uptime.deliver()
  const causes = uptime.mails.map(({ text }) => /^原因: (.*)$/m.exec(text)?.[1])
  const closed = '応答の前に接続が切断されました。'
  expect(causes).toEqual([closed, closed, closed, closed, '監視が一時停止されました'])
})

it('a-notice-tells-what-to-get-up-for: a mail has state, target, time, one button and a text of the same, and the mail of a recovery answers it', async () => {
  const member = await uptime.found()
  await openMailbox(member, 'en')
  const monitor = await createMonitor(uptime.deps, member, {
    type: 'http',
    name: 'Shop',
    config: { url: 'https://example.com/cart?key=not-for-mails' },
  })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  uptime.mails.length = 0
  await uptime.deliver()
  await uptime.observe(member.orgId, monitor.id, ['up'])
  await uptime.deliver()
  const [down, up] = uptime.mails
  expect(down).toMatchObject({ to: 'ops@example.com', subject: '[Down] Shop' })
  expect(up).toMatchObject({ subject: '[Up] Shop' })
  expect(up?.headers?.['In-Reply-To']).toBe(down?.messageId)
  expect(up?.headers?.['References']).toBe(down?.messageId)
  expect(up?.text).toMatch(
    /\nTarget: example\.com\/cart\nCause: .+\nSince: .+ UTC\nUntil: .+ UTC\nDuration: \d+ s\n/,
  )
  const markup = down?.html?.markup ?? ''
  expect(markup).toContain(mailStyles.state.down)
  expect(markup).toMatch(/■<\/span> Down</)
  const [button, ...others] = [...markup.matchAll(/<a href="([^"]+)"/g)].map(([, url]) => url)
  expect(others).toEqual([])
  expect(button).toMatch(/^https:\/\/gate\.example\.com\/app\/uptime\/incidents\//)
  expect(down?.text).toMatch(
    new RegExp(`^Shop is down\n\nTarget: example\\.com/cart\n(.+\n)+\n.+:\n${button}$`),
  )
  expect(`${down?.text}${markup}`).not.toContain('not-for-mails')
})

it('a reminder repeats while nobody has taken the incident, and no longer', async () => {
  const member = await uptime.found()
  const { channel } = await createChannel(uptime.deps, member, {
    type: 'webhook',
    name: 'Sink',
    config: { url: sinkUrl, secret },
  })
  const config = { url: 'https://example.com/' }
  const monitor = await createMonitor(uptime.deps, member, { type: 'http', config, renotifyMinutes: 5 })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  const { incidents } = await listIncidents(uptime.deps, member, {})
  const incidentId = incidents[0]?.id ?? ''
  const events = async () => (await log({ member, monitor, channel })).map(({ event }) => event)
  uptime.clock.advance(300_000)
  await remind(uptime.deliverDeps, member.orgId, incidentId)
  expect(await events()).toEqual(['incident.created', 'incident.reminder'])
  await acknowledgeIncident(uptime.deps, member, incidentId)
  uptime.clock.advance(300_000)
  await remind(uptime.deliverDeps, member.orgId, incidentId)
  expect((await events()).filter((event) => event === 'incident.reminder')).toHaveLength(1)
})
