import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Gatehouse, GatehouseProblem } from './index.ts'

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
type Seen = {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: string
}

let server: Server
let baseUrl: string
let answers: Answer[]
let seen: Seen[]

beforeEach(async () => {
  answers = []
  seen = []
  server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = request
  seen.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() })
  const { status, body, headers: more } = answers.shift() ?? { status: 500 }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text)
}

const tooMany = {
  status: 429,
  headers: { 'retry-after': '0' },
  body: { error: { code: 'RATE_LIMITED', message: 'Slower', status: 429 } },
}
const empty = { status: 200, body: { monitors: [], nextCursor: null } }

async function refusalOf(call: Promise<unknown>): Promise<GatehouseProblem> {
  const error: unknown = await call.catch((thrown: unknown) => thrown)
  if (!(error instanceof GatehouseProblem)) throw new Error('It was not refused')
  return error
}

it('a key speaks to the public API and a person to the same calls of the dashboard', async () => {
  answers = [empty, empty]
  await new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.list({ q: 'a b' })
  await new Gatehouse({ baseUrl: `${baseUrl}/`, accessToken: () => 't' }).uptime.monitors.list()
  expect(seen).toMatchObject([
    { method: 'GET', url: '/api/v1/monitors?q=a+b', authorization: 'Bearer k' },
    { method: 'GET', url: '/dashboard/monitors', authorization: 'Bearer t' },
  ])
})

it('sends a body as JSON, and an id cannot leave its place in the path', async () => {
  answers = [{ status: 200, body: { monitor: { id: 'm' } } }]
  const monitor = await new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.pause('../x')
  expect(monitor).toEqual({ id: 'm' })
  expect(seen).toMatchObject([{ method: 'PUT', url: '/api/v1/monitors/..%2Fx', body: '{"isActive":false}' }])
})

it('an answer without a body is no failure', async () => {
  answers = [{ status: 204 }]
  await expect(new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.incidents.delete('i')).resolves.toBeUndefined()
})

it.each([
  ['the wire envelope', { error: { code: 'NOT_FOUND', message: 'No such monitor', status: 404 } }],
  ['RFC 9457', { type: 'x', title: 'Not found', status: 404, code: 'NOT_FOUND', detail: 'No such monitor' }],
])('a refusal in %s becomes a problem', async (_form, body) => {
  answers = [{ status: 404, body }]
  expect(await refusalOf(new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.get('m'))).toMatchObject({
    code: 'NOT_FOUND',
    status: 404,
    message: 'No such monitor',
    retryAfterSeconds: undefined,
  })
})

it.each([502, 200])("a proxy's own page with status %i is a problem too", async (status) => {
  answers = [{ status, body: '<h1>Hello</h1>' }]
  expect(await refusalOf(new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.list())).toMatchObject({
    code: 'UNREADABLE_ANSWER',
    status,
  })
})

it('asks again when told to wait, and gives up after the third time', async () => {
  answers = [tooMany, { status: 503 }, empty, tooMany, tooMany, tooMany, empty]
  const { monitors } = new Gatehouse({ baseUrl, apiKey: 'k' }).uptime
  await expect(monitors.list()).resolves.toEqual(empty.body)
  expect(await refusalOf(monitors.list())).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 0 })
  expect(seen).toHaveLength(6)
})

it('waits as long as Retry-After says', async () => {
  answers = [{ ...tooMany, headers: { 'retry-after': '1' } }, empty]
  const startedAt = performance.now()
  await new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.list()
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(995)
})

it('a wait of more than 30 seconds is left to the caller', async () => {
  answers = [{ ...tooMany, headers: { 'retry-after': '31' } }]
  const refusal = await refusalOf(new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.list())
  expect(refusal.retryAfterSeconds).toBe(31)
})

it('what changes something is sent once', async () => {
  answers = [tooMany, empty]
  await refusalOf(new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.check('m'))
  expect(seen).toHaveLength(1)
})

it('a signal ends the wait between attempts with its reason', async () => {
  answers = [{ ...tooMany, headers: { 'retry-after': '20' } }]
  const stop = new AbortController()
  const answered = once(server, 'request')
  const call = new Gatehouse({ baseUrl, apiKey: 'k' }).uptime.monitors.list({}, { signal: stop.signal })
  const refusal = call.catch((thrown: unknown) => thrown)
  await answered
  stop.abort(new Error('enough'))
  expect(await refusal).toEqual(new Error('enough'))
})
