import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { EgressRequest } from '@gatehouse/kernel/egress'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { createIncident } from '../usecases/create-incident.ts'
import { createMonitor } from '../usecases/create-monitor.ts'
import { listChannels, listDeliveries } from '../usecases/list-channels.ts'

type Message = {
  readonly text: string
  readonly blocks: readonly {
    readonly type: string
    readonly text?: { readonly type: string; readonly text: string }
    readonly elements?: readonly { readonly text: string }[]
  }[]
}

const received: Message[] = []
const urls: string[] = []
let answer = (response: ServerResponse): unknown => response.end('ok')
const sink = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    // Safe: what we send ourselves.
    received.push(JSON.parse(body) as Message)
    answer(response)
  })
})
let uptime: TestUptime
let sinkUrl: string

beforeAll(async () => {
  uptime = await startTestUptime()
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const address = sink.address()
  if (address === null || typeof address === 'string') throw new Error('The sink has a port')
  sinkUrl = `http://127.0.0.1:${address.port}/`
})
afterAll(async () => {
  sink.close()
  await uptime.database.drop()
})
beforeEach(async () => {
  await uptime.forgetDeliveries()
  received.length = 0
  urls.length = 0
  answer = (response) => response.end('ok')
})

const webhookUrl = 'https://hooks.slack.com/services/T000/B000/a-secret-path'

/** Sends what is due, with Slack on this machine. */
async function deliver(): Promise<void> {
  const { egress } = uptime.deps
  const request = (sent: EgressRequest) => {
    urls.push(sent.url)
    return egress.request({ ...sent, url: sinkUrl })
  }
  await uptime.deliver({ egress: { ...egress, request } })
}

async function createSlack() {
  const member = await uptime.found()
  const { channel } = await createChannel(uptime.deps, member, {
    type: 'slack',
    name: 'Ops',
    config: { webhookUrl },
  })
  const log = async () => (await listDeliveries(uptime.deps, member, channel.id, {})).deliveries
  return { member, channel, log }
}

it('a-slack-channel-is-told: what is down and why, and that it is back, in blocks with a link', async () => {
  const { member, channel, log } = await createSlack()
  const config = { url: 'https://example.com/' }
  const monitor = await createMonitor(uptime.deps, member, { type: 'http', name: 'Shop & <Co>', config })
  await uptime.observe(member.orgId, monitor.id, ['up', 'down', 'down', 'down', 'down', 'down'])
  await deliver()
  await uptime.observe(member.orgId, monitor.id, ['up'])
  await deliver()
  expect(urls).toEqual([webhookUrl, webhookUrl])
  const [down, up] = received
  expect(down?.text).toBe('Shop &amp; &lt;Co&gt; is down')
  expect(down?.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'context'])
  expect(down?.blocks[0]?.text).toEqual({ type: 'plain_text', text: 'Shop & <Co> is down' })
  expect(down?.blocks[1]?.text).toMatchObject({
    type: 'mrkdwn',
    text: expect.stringMatching(/^Target: example\.com\nCause: .+\nSince: \d+ \w+ 20\d\d, \d\d:\d\d UTC/),
  })
  expect(down?.blocks[2]?.elements?.[0]?.text).toMatch(
    /^<https:\/\/gate\.example\.com\/.+\|Open in Gatehouse>$/,
  )
  expect(up?.text).toMatch(/^Shop &amp; &lt;Co&gt; is back up after /)
  expect(await log()).toMatchObject([{ state: 'sent' }, { state: 'sent' }])
  expect(channel).toMatchObject({
    summary: 'hooks.slack.com',
    verified: 1,
    config: { webhookUrl: { set: true } },
  })
  expect(JSON.stringify(await listChannels(uptime.deps, member))).not.toContain('a-secret-path')
})

it.each([
  'http://hooks.slack.com/services/T/B/x',
  'https://hooks.slack.com.evil.example/services/T/B/x',
  'https://evil.example/hooks.slack.com',
  'https://hooks.slack.com:8443/services/T/B/x',
  'https://user:pass@hooks.slack.com/services/T/B/x',
  'https://hooks.slack.com',
  'hooks.slack.com/services/T/B/x',
])('%s is no incoming webhook of Slack, and is refused by the name of its field', async (url) => {
  const member = await uptime.found()
  const channel = { type: 'slack', name: 'Ops', config: { webhookUrl: url } }
  await expect(createChannel(uptime.deps, member, channel)).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    fields: [{ field: 'config.webhookUrl' }],
  })
})

it('an answer that is not Slack’s own “ok” is no success, and the same message is tried again', async () => {
  const { member, log } = await createSlack()
  answer = (response) => response.end('<html>a captive portal</html>')
  await createIncident(uptime.deps, member, { title: 'Down' })
  await deliver()
  expect(await log()).toMatchObject([{ state: 'retrying', reason: 'answered 2xx, but not as expected' }])
  answer = (response) => response.end('ok')
  uptime.clock.advance(60_000)
  await deliver()
  expect(await log()).toMatchObject([{ state: 'sent' }])
  expect(received).toHaveLength(2)
})

it('Slack that asks for patience gets it', async () => {
  const { member, log } = await createSlack()
  answer = (response) => response.writeHead(429, { 'retry-after': '90' }).end('rate_limited')
  await createIncident(uptime.deps, member, { title: 'Down' })
  const startedMs = uptime.clock.now()
  await deliver()
  expect(await log()).toMatchObject([
    { state: 'retrying', nextAttemptAt: new Date(startedMs + 90_000).toISOString() },
  ])
})

it.each([
  ['a title with every mark', '&<>'.repeat(66), 150],
  ['a title of long characters', '👩‍👩‍👧‍👦'.repeat(18), 150],
])('%s is cut between characters, and never within an entity', async (_what, title, lengthMax) => {
  const { member } = await createSlack()
  await createIncident(uptime.deps, member, { title })
  await deliver()
  const header = received[0]?.blocks[0]?.text?.text ?? ''
  expect(header.length).toBeLessThanOrEqual(lengthMax)
  expect(header.isWellFormed()).toBe(true)
  expect(received[0]?.text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/)
})
