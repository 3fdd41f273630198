import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer, Call, Client } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, join, setUpOwner } from './fixtures/people.ts'
import { readTable } from './fixtures/guide-text.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

const monitors = '/api/v1/monitors'
let server: ComposedServer
let client: Client
let target: Listener
let key: string
let otherKey: string
let ownerToken: string
let viewerToken: string
let othersMonitorId: string

beforeAll(async () => {
  target = await listenHttp((_request, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}` })
  client = server.client
  const owner = await setUpOwner(client, server.ownerToken)
  ownerToken = owner.accessToken
  key = await createKey(client, owner)
  otherKey = await createKey(client, await foundSecondOrg(client, owner))
  viewerToken = (await join(client, owner, 'viewer')).accessToken
  const { monitor } = await client.ask<{ monitor: { id: string } }>(monitors, {
    credential: otherKey,
    body: { type: 'heartbeat', name: 'nightly', config: {} },
  })
  othersMonitorId = monitor.id
})
afterAll(async () => {
  await server.stop()
  await target.stop()
})

const url = 'https://93.184.216.34/'

function create(type: string, config: unknown, rest: object = {}): Promise<Answer> {
  return send(monitors, { body: { type, config, ...rest } })
}

function send(path: string, call: Call = {}): Promise<Answer> {
  return client.send(path, { credential: key, ...call })
}

/** What the fetch of the platform would merge into one line. */
function sendTwoKeys(): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lines = [
      'Host',
      'localhost',
      'Authorization',
      `Bearer ${key}`,
      'Authorization',
      `Bearer ${otherKey}`,
    ]
    request(`${server.origin}${monitors}`, { headers: lines }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: new Headers() }))
    })
      .on('error', reject)
      .end()
  })
}

/** The requests, by the words of the guide. */
const requests: Readonly<Record<string, () => Promise<Answer>>> = {
  'A body that is not JSON': () => send(monitors, { body: '{"type": "http",' }),
  'A body of another media type': () =>
    send(monitors, { body: 'type=http', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  'A body over 1 MiB': () => create('http', { url }, { name: 'x'.repeat(1_048_577) }),
  'An unknown field': () => create('http', { url }, { colour: 'red' }),
  '`org_id` in the body': () => create('http', { url }, { org_id: '7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d' }),
  'A name of 101 characters': () => create('http', { url }, { name: 'x'.repeat(101) }),
  'An interval of 59 seconds': () => create('http', { url }, { intervalSeconds: 59 }),
  'A type that does not exist': () => create('smoke', {}),
  'A private target': () => create('http', { url: 'https://10.0.0.1/' }),
  'A loopback target': () => create('http', { url: 'http://localhost:9/' }),
  'The metadata address of a cloud': () => create('http', { url: 'http://169.254.169.254/latest/' }),
  'A header value with CR LF': () => create('http', { url, headers: { 'x-team': 'a\r\nx-admin: 1' } }),
  'The header `Host`': () => create('http', { url, headers: { Host: 'example.com' } }),
  'TCP port 0': () => create('tcp', { hostname: '93.184.216.34', port: 0 }),
  'No key': () => client.send(monitors),
  'A key that is wrong': () => client.send(monitors, { credential: `mk_${'0'.repeat(64)}` }),
  'Two different keys': sendTwoKeys,
  'A viewer who writes': () =>
    client.send('/dashboard/monitors', { credential: viewerToken, body: { type: 'http', config: { url } } }),
  'An owner who makes a key without a fresh proof': () =>
    client.send('/dashboard/api-keys', {
      credential: ownerToken,
      body: { name: 'ci', service: 'uptime', scopes: ['read'] },
    }),
  'A path that does not exist': () => send('/api/v1/unicorns'),
  'A monitor that does not exist': () => send(`${monitors}/01ARZ3NDEKTSV4RRFFQ69G5FAV`),
  'A monitor of another organisation': () => send(`${monitors}/${othersMonitorId}`),
  'A cursor that no list gave': () => send(`${monitors}?limit=1&cursor=abc`),
}

const documented = readTable('docs/guides/wrong-requests.md')

it('every documented request is sent here, and every request here is documented', () => {
  expect(documented.map(([name]) => name)).toEqual(Object.keys(requests))
  expect(documented.length).toBeGreaterThanOrEqual(20)
})

it.each(documented)('%s: %s %s', async (name, status, code, sentence) => {
  const answer = await requests[name ?? '']?.()
  expect(answer?.status).toBe(Number(status))
  expect(JSON.parse(answer?.text ?? '')).toEqual({
    error: {
      code: code?.replaceAll('`', ''),
      message: sentence?.replaceAll('`', ''),
      status: Number(status),
    },
  })
})

it('another organisation is told the same, byte for byte, as if the monitor did not exist', async () => {
  const unknown = await send(`${monitors}/01ARZ3NDEKTSV4RRFFQ69G5FAV`)
  expect((await send(`${monitors}/${othersMonitorId}`)).text).toBe(unknown.text)
})

it('a second key is refused in X-API-Key too', async () => {
  const answer = await send(monitors, { headers: { 'x-api-key': otherKey } })
  expect(answer.status).toBe(401)
  expect((await send(monitors, { headers: { 'x-api-key': key } })).status).toBe(200)
})

it('a redirecting target is down with its own status, and the redirect is not followed', async () => {
  const config = { url: `http://127.0.0.1:${target.port}/` }
  const { monitor } = await client.ask<{ monitor: { id: string } }>(monitors, {
    credential: key,
    body: { type: 'http', config },
  })
  const answer = await send(`${monitors}/${monitor.id}/check`, { method: 'POST' })
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject({ result: { status: 'down', statusCode: 302 } })
})
