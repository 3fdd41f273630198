import type { LimitStore } from '@gatehouse/kernel/limits'
import { type DatabaseProxy, proxyDatabase, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let server: ComposedServer
let key: string
let areLimitsDown = false
let sentry: Listener
const faults: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  proxy = await proxyDatabase(database.url.reveal())
  sentry = await listenHttp((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      faults.push(text)
      response.writeHead(200).end('{}')
    })
  })
  server = await composeServer(
    { DATABASE_URL: proxy.url, SENTRY_DSN: `http://${'0'.repeat(32)}@127.0.0.1:${sentry.port}/42` },
    {
      wrapLimitStore: (store): LimitStore => ({
        ...store,
        take: (rule, subject, nowMs) =>
          areLimitsDown
            ? { admitted: false, because: 'store_unavailable', retryAfterSeconds: 1 }
            : store.take(rule, subject, nowMs),
      }),
    },
  )
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken), 'oversight')
})
afterAll(async () => {
  await server.stop()
  await sentry.stop()
  await proxy.stop()
  await database.drop()
})

const send = (headers: Readonly<Record<string, string>> = {}) =>
  server.client.send('/v1/decision/score', {
    headers: { 'x-api-key': key, ...headers },
    body: { model: { provider: 'openai' }, domain: 'housing' },
  })

async function expectBlocked(headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const { status, text, headers: answered } = await send(headers)
  expect(status).toBe(503)
  expect(JSON.parse(text)).toEqual({
    error: {
      code: 'SERVICE_UNAVAILABLE',
      message: expect.any(String) as string,
      request_id: answered.get('x-request-id'),
      timestamp: expect.any(String) as string,
      field: null,
      allowed_values: null,
      errors: [],
    },
    routing_decision: 'policy_blocked',
  })
  expect(Number(answered.get('retry-after'))).toBeGreaterThanOrEqual(1)
}

describe('drs-fails-closed-at-every-fault-point', () => {
  it('what would be released while all is well is blocked while the database is gone, keyed or not', async () => {
    expect(JSON.parse((await send()).text)).toMatchObject({ routing_decision: 'auto' })
    await proxy.kill()
    await expectBlocked()
    await expectBlocked({ 'idempotency-key': 'once-while-it-is-gone' })
    // No other endpoint says so.
    const { text } = await server.client.send('/v1/decision/queue', { headers: { 'x-api-key': key } })
    expect(JSON.parse(text)).not.toHaveProperty('routing_decision')
    await proxy.restore()
    await eventually('the server is ready again', async () =>
      (await server.client.send('/readyz')).status === 200 ? true : undefined,
    )
    expect(JSON.parse((await send()).text)).toMatchObject({ routing_decision: 'auto' })
  })

  it('so is it while nobody can say whether a limit is reached, before any proof', async () => {
    areLimitsDown = true
    try {
      await expectBlocked()
    } finally {
      areLimitsDown = false
    }
    expect((await send()).status).toBe(200)
  })
})

it('a-fault-of-ours-is-no-outage: it is answered 500 with a block, and told as a fault', async () => {
  const { pool } = server.db
  await pool.query('ALTER TABLE oversight.decision ADD CONSTRAINT never CHECK (false) NOT VALID')
  try {
    const ids: string[] = []
    for (const headers of [{}, { 'idempotency-key': 'once-while-it-is-broken' }]) {
      const { status, text, headers: answered } = await send(headers)
      expect({ status, retryAfter: answered.get('retry-after') }).toEqual({ status: 500, retryAfter: null })
      ids.push(answered.get('x-request-id') ?? 'none')
      expect(JSON.parse(text)).toMatchObject({
        error: { code: 'INTERNAL_ERROR', request_id: ids.at(-1) },
        routing_decision: 'policy_blocked',
      })
    }
    // Of faults that repeat the first is told.
    await eventually('Sentry is told of the fault', async () =>
      faults.some((text) => text.includes(`"requestId":"${ids[0] ?? ''}"`)) ? true : undefined,
    )
  } finally {
    await pool.query('ALTER TABLE oversight.decision DROP CONSTRAINT never')
  }
  expect((await send()).status).toBe(200)
})

describe('a gate body', () => {
  it('may be 32 levels deep and not 33, and names the field of what is wrong with it', async () => {
    const { score } = withOversightKey(server.client, key)
    const nest = (levels: number): object => (levels === 0 ? {} : { a: nest(levels - 1) })
    const reply = await score({ ...waitingGate, ai_output: nest(30) })
    expect(reply).toMatchObject({ routing_decision: 'async_review', pass: 'post_ai' })
    const ask = async (body: unknown) => {
      const { status, text } = await server.client.send('/v1/decision/score', {
        headers: { 'x-api-key': key },
        body,
      })
      const { error } = JSON.parse(text) as { error?: { code: string; field: string } }
      return { status, code: error?.code, field: error?.field }
    }
    const invalid = { status: 422, code: 'VALIDATION_FAILED' }
    expect(await ask({ ...waitingGate, ai_output: nest(31) })).toEqual({ ...invalid, field: 'body' })
    expect(await ask({ ...waitingGate, stakes: 1.1 })).toEqual({ ...invalid, field: 'stakes' })
    expect(await ask({ ...waitingGate, model: { name: 'x' } })).toEqual({
      ...invalid,
      field: 'model.provider',
    })
    expect(await ask({ ...waitingGate, domain: 'astrology' })).toEqual({ ...invalid, field: 'domain' })
    expect(await ask({ ...waitingGate, tags: Array.from({ length: 9 }, () => 'a') })).toEqual({
      ...invalid,
      field: 'tags',
    })
    // JSON can spell what no number can hold.
    expect(await ask('{"model":{"provider":"x"},"task":1e400}')).toEqual({ ...invalid, field: 'task' })
    expect(await ask(String.raw`{"model":{"provider":"x"},"task":"\ud800"}`)).toEqual({
      ...invalid,
      field: 'task',
    })
    expect(await ask({ ...waitingGate, operator_id: 'not allowed!' })).toMatchObject({
      status: 422,
      code: 'OPERATOR_ID_INVALID',
    })
    const flat = { operator_id: 'a', domain: 'general', decision: 'accepted', modification_extent: 0 }
    expect(await ask({ ...flat, task: 'none of it' })).toEqual({ ...invalid, field: 'task' })
    expect(await ask({ ...flat, decision: null })).toMatchObject({ ...invalid, field: 'decision' })
  })

  it('is answered once under an Idempotency-Key, and the second answer holds no token', async () => {
    const { score } = withOversightKey(server.client, key)
    const once = { 'idempotency-key': 'one-gate' }
    const first = await score(waitingGate, once)
    const second = await score(waitingGate, once)
    expect(first.resume_token).toMatch(/^rst_[\w-]{43}$/)
    expect(second).toEqual({ ...first, resume_token: null })
  })
})
