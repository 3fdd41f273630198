import { randomBytes } from 'node:crypto'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { createLogger } from '@gatehouse/kernel/log'
import { Secret } from '@gatehouse/kernel/secrets'
import { fakeClock } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createFaultReporter, tellFaults } from '../src/faults/report-faults.ts'
import type { ServiceModule } from '../src/service/define-service.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { setUpOwner } from './fixtures/people.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

const publicKey = '0123456789abcdef0123456789abcdef'
const canary = 'canary-of-a-body-2718281828'

type Envelope = { readonly path: string; readonly auth: string; readonly lines: readonly string[] }
const envelopes: Envelope[] = []
let answer: { readonly status: number; readonly headers: Record<string, string> }
let sentry: Listener
let server: ComposedServer

beforeAll(async () => {
  answer = { status: 200, headers: {} }
  sentry = await listenHttp((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      envelopes.push({
        path: request.url ?? '',
        auth: String(request.headers['x-sentry-auth']),
        lines: body.split('\n'),
      })
      response.writeHead(answer.status, answer.headers).end('{}')
    })
  })
  server = await composeServer(
    { SENTRY_DSN: `http://${publicKey}@127.0.0.1:${sentry.port}/sub/42` },
    { wrapService: withFault },
  )
})
afterAll(async () => {
  await server.stop()
  await sentry.stop()
})

/** A server of which one endpoint has a fault that quotes what it was sent. */
function withFault(service: ServiceModule): ServiceModule {
  const endpoints = service.endpoints.map((bound) =>
    bound.endpoint.method === 'POST' && bound.endpoint.path === '/dashboard/monitors'
      ? {
          ...bound,
          handle: (_caller: unknown, input: unknown) => {
            throw new TypeError(`cannot use ${JSON.stringify(input)}\n    at leak (file:///${canary}.ts:1:1)`)
          },
        }
      : bound,
  )
  return { ...service, endpoints }
}

const event = z.strictObject({
  event_id: z.string().regex(/^[0-9a-f]{32}$/),
  timestamp: z.number(),
  platform: z.literal('node'),
  level: z.literal('error'),
  logger: z.literal('gatehouse'),
  release: z.string().regex(/^gatehouse@\d/),
  message: z.strictObject({ formatted: z.string() }),
  tags: z.record(z.string(), z.string()),
  exception: z
    .strictObject({
      values: z.array(
        z.strictObject({
          type: z.string(),
          stacktrace: z.strictObject({
            frames: z.array(
              z.strictObject({ function: z.string(), filename: z.string(), lineno: z.number() }),
            ),
          }),
        }),
      ),
    })
    .optional(),
})

/** As Sentry reads one: a line of the envelope, one of its item with the item's length, and the item. */
function parseEnvelope({ lines: [head = '', item = '', payload = ''] }: Envelope) {
  const { length, type } = z.object({ type: z.string(), length: z.number() }).parse(JSON.parse(item))
  expect(type).toBe('event')
  expect(Buffer.byteLength(payload)).toBe(length)
  const parsed = event.parse(JSON.parse(payload))
  expect(JSON.parse(head)).toEqual({ event_id: parsed.event_id, sent_at: expect.any(String) })
  return parsed
}

async function provoke(accessToken: string): Promise<number> {
  const { status } = await server.client.send('/dashboard/monitors', {
    credential: accessToken,
    body: { name: canary, type: 'http', config: { url: `https://example.com/${canary}` } },
  })
  return status
}

describe('what Sentry is told', () => {
  it('faults-reach-sentry-without-secrets: where it failed, and nothing of what was sent', async () => {
    const { accessToken } = await setUpOwner(server.client, server.ownerToken)
    expect(await provoke(accessToken)).toBe(500)
    const envelope = await eventually('the fault is told', () => envelopes[0])
    expect(envelope.path).toBe('/sub/api/42/envelope/')
    expect(envelope.auth).toContain(`sentry_key=${publicKey}`)
    const told = parseEnvelope(envelope)
    expect(told.message.formatted).toBe('A request failed')
    expect(told.tags).toMatchObject({ method: 'POST', route: '/dashboard/monitors' })
    expect(told.tags['requestId']).toMatch(/^req_/)
    const [exception] = told.exception?.values ?? []
    expect(exception?.type).toBe('TypeError')
    expect(exception?.stacktrace.frames).toContainEqual({
      function: 'serve',
      filename: 'packages/server/src/http/serve.ts',
      lineno: expect.any(Number),
    })
    const text = envelope.lines.join('\n')
    for (const secret of [canary, accessToken, 'ann@example.com', 'Acme', process.cwd()])
      expect(text).not.toContain(secret)
  })

  it('a-watcher-that-is-away-fails-no-request-and-is-left-alone', async () => {
    const reports: string[] = []
    const clock = fakeClock()
    const egress = createEgress({ allow: noAllowance, dnsServers: [], dnsQueriesMax: 1 })
    const dsn = new Secret(`http://${publicKey}@127.0.0.1:${sentry.port}/7`)
    const reporter = createFaultReporter({
      clock,
      egress,
      randomBytes,
      dsn: () => dsn,
      release: 'gatehouse@0',
    })
    const log = tellFaults(
      { ...createLogger('silent'), error: (message) => void reports.push(message) },
      reporter,
    )
    const tell = async (sentence: string): Promise<number> => {
      const before = envelopes.length
      log.error(sentence, { error: sentence })
      await reporter.idle()
      return envelopes.length - before
    }
    // The same once a minute, and thirty of any kind.
    const counts: number[] = []
    for (let index = 0; index < 40; index += 1) counts.push(await tell(`fault ${index}`), await tell('again'))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    clock.advance(60_000)
    expect(await tell('again')).toBe(1)
    // Asked for time, it waits for as long, and a fault of the other end counts as a minute.
    answer = { status: 429, headers: { 'retry-after': '120' } }
    expect(await tell('first')).toBe(1)
    answer = { status: 200, headers: {} }
    clock.advance(119_000)
    expect(await tell('second')).toBe(0)
    clock.advance(1_000)
    expect(await tell('third')).toBe(1)
    answer = { status: 500, headers: {} }
    expect(await tell('fourth')).toBe(1)
    expect(await tell('fifth')).toBe(0)
    expect(reports).toHaveLength(86)
    egress.close()
  })
})
