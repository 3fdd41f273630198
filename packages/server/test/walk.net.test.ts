import type { ParsedMail } from 'mailparser'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, type Client, createClient } from './fixtures/client.ts'
import { eventually } from './fixtures/eventually.ts'
import { readCommands } from './fixtures/guide-text.ts'
import { type Listener, listenHttp, listenMail, listenWebhooks, type Received } from './fixtures/sinks.ts'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const commands = readCommands('docs/guides/walk.md')
const mails: ParsedMail[] = []
const webhooks: Received[] = []
const variables: Record<string, string> = {}
let target: Listener
let hook: Listener
let mail: Listener
let server: SpawnedServer
let client: Client

const account = { email: 'ann@example.com', password: 'choose a long one' }

async function signIn(): Promise<void> {
  delete variables['SUDO']
  delete variables['CREDENTIAL']
  variables['CREDENTIAL'] = (await walk<{ accessToken: string }>('/auth/login', account)).accessToken
  const proof = { password: account.password }
  variables['SUDO'] = (await walk<{ sudoToken: string }>('/dashboard/sudo/verify', proof)).sudoToken
}

type Incident = { id: string; monitorId: string; resolvedAt: string | null; cause: string }
type Monitor = { id: string; status: string }

beforeAll(async () => {
  target = await listenHttp((_request, response) => response.end('ok'))
  hook = await listenWebhooks(webhooks)
  mail = await listenMail(mails)
  server = await spawnServer({
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port},127.0.0.1:${hook.port}`,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
  })
  client = createClient(server.origin)
})
afterAll(async () => {
  await server.stop()
  await Promise.all([target.stop(), hook.stop(), mail.stop()])
})

/** One call of the walk, written with the guide's variables; it must stand in the guide. */
async function walk<T>(path: string, body?: unknown): Promise<T> {
  return client.ask<T>(fill(path), toCall(body))
}

async function read(path: string): Promise<string> {
  const { status, text } = await client.send(fill(path), toCall())
  expect(status).toBe(200)
  return text
}

function toCall(body?: unknown): Call {
  const sudoToken = variables['SUDO']
  return {
    credential: variables['CREDENTIAL'],
    ...(sudoToken === undefined ? {} : { headers: { 'x-sudo-token': sudoToken } }),
    ...(body === undefined ? {} : { body }),
  }
}

function fill(path: string): string {
  expect(commands).toContain(path)
  return path.replaceAll(/\$(\w+)/g, (_whole, name: string) => variables[name] ?? '')
}

function noticesOf(event: string): Received[] {
  return webhooks.filter(({ body }) => body.includes(`"event":"${event}"`))
}

it('the walk ends with a page that is green again', async () => {
  await walk('/auth/setup', { ...account, token: server.ownerToken, name: 'Ann', orgName: 'Acme' })
  await signIn()
  const { apiKey } = await walk<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    name: 'walk',
    service: 'uptime',
    scopes: ['read', 'write'],
  })
  variables['CREDENTIAL'] = apiKey.key

  await walk('/api/v1/notification-channels', {
    type: 'email',
    name: 'on call',
    config: { email: 'oncall@example.com' },
  })
  await walk('/api/v1/notification-channels', {
    type: 'webhook',
    name: 'hook',
    config: { url: `http://127.0.0.1:${hook.port}/hook`, secret },
  })
  variables['LINK_TOKEN'] = await eventually(
    'the verification mail arrives',
    () => /verify\?token=(\S+)/.exec(mails[0]?.text ?? '')?.[1],
  )
  const verified = await client.send(fill('/notification-channels/verify?token=$LINK_TOKEN'), {
    method: 'POST',
  })
  expect(verified.status).toBe(200)

  const { service } = await walk<{ service: { id: string } }>('/api/v1/services', {
    name: 'Acme',
    slug: 'acme',
    autoPublish: true,
  })
  const { monitor } = await walk<{ monitor: Monitor }>('/api/v1/monitors', {
    type: 'http',
    name: 'Shop',
    config: { url: `http://127.0.0.1:${target.port}/` },
    serviceId: service.id,
    intervalSeconds: 60,
    confirmSpacingSeconds: 5,
  })
  variables['MONITOR'] = monitor.id
  await eventually('the monitor is up', async () => {
    const { monitor: now } = await walk<{ monitor: Monitor }>('/api/v1/monitors/$MONITOR')
    return now.status === 'up' ? now : undefined
  })
  expect(await read('/status/acme')).toContain('All Systems Operational')

  await target.stop()
  // A check by hand has a cool-down of its own after the monitor's first.
  await eventually('the check by hand finds it down', async () => {
    const { status } = await client.send(fill('/api/v1/monitors/$MONITOR/check'), {
      ...toCall({}),
      method: 'POST',
    })
    return status === 200 ? status : undefined
  })
  const incident = await eventually('the incident opens', async () => {
    const { incidents } = await walk<{ incidents: Incident[] }>('/api/v1/incidents?status=ongoing')
    return incidents[0]
  })
  expect(incident).toMatchObject({ monitorId: monitor.id, resolvedAt: null })
  const created = await eventually('the webhook arrives', () => noticesOf('incident.created')[0])
  const told = new Webhook(secret).verify(created.body, toHeaders(created))
  expect(told).toMatchObject({ event: 'incident.created', monitorName: 'Shop', incidentId: incident.id })
  await eventually('the mail arrives', () => mails.find(({ subject }) => subject === '[Down] Shop'))
  await eventually('the page tells of the outage', async () => {
    const page = await read('/status/acme')
    return page.includes('Down') && !page.includes('All Systems Operational') ? page : undefined
  })

  target = await listenHttp((_request, response) => response.end('ok'), target.port)
  // Down, it is looked at once a minute; a check by hand that brings news makes it due at once.
  await eventually('the check by hand finds it up', async () => {
    const { status } = await client.send(fill('/api/v1/monitors/$MONITOR/check'), {
      ...toCall({}),
      method: 'POST',
    })
    return status === 200 ? status : undefined
  })
  await eventually('the incident resolves', async () => {
    const { incidents } = await walk<{ incidents: Incident[] }>('/api/v1/incidents?status=resolved')
    return incidents.find(({ id }) => id === incident.id)
  })
  const resolved = await eventually('the second webhook arrives', () => noticesOf('incident.resolved')[0])
  expect(new Webhook(secret).verify(resolved.body, toHeaders(resolved))).toMatchObject({
    incidentId: incident.id,
  })
  await eventually('the second mail arrives', () => mails.find(({ subject }) => subject === '[Up] Shop'))
  await eventually('the page is green again', async () => {
    const page = await read('/status/acme')
    return page.includes('All Systems Operational') ? page : undefined
  })
  expect(noticesOf('incident.created')).toHaveLength(1)
  expect(mails.filter(({ subject }) => subject === '[Down] Shop')).toHaveLength(1)
})

function toHeaders({ headers }: Received): Record<string, string> {
  return Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
  )
}

it('scores a decision with AI advice, and has a receipt of it', async () => {
  await signIn()
  const { apiKey } = await walk<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    name: 'scores',
    service: 'oversight',
  })
  const [, body = ''] = /\/v1\/score" [^{]+-d '(\{.*?\}\})'/s.exec(commands) ?? []
  const { status, text } = await client.send('/v1/score', {
    headers: { 'x-api-key': apiKey.key },
    body: JSON.parse(body) as object,
  })
  expect({ status, reply: JSON.parse(text) as unknown }).toMatchObject({
    status: 200,
    reply: { withheld: 'minimum_data', displayed_jis: null, receipt: { kind: 'score' } },
  })
})
