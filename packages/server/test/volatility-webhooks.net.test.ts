import { createHmac } from 'node:crypto'
import { asWriter } from '@gatehouse/kernel/db'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bearer, openSocket } from '../src/http/fixtures/socket-client.ts'
import { tellSubscribers } from '../src/services/volatility/usecases/tell-subscribers.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { tellEvents } from './fixtures/regime-events.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

type Made = { readonly id: number; readonly uid: string; readonly signing_secret: string | null }

const received: Received[] = []
let sink: Listener
let server: ComposedServer
let ann: SignedIn
let bob: SignedIn
let key: string
let theirs: string
let told = 0

beforeAll(async () => {
  sink = await listenWebhooks(received)
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
  bob = await foundSecondOrg(server.client, ann)
  theirs = await createKey(server.client, bob, 'volatility')
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
})
beforeEach(() => {
  received.length = 0
})

const url = (): string => `http://127.0.0.1:${sink.port}/`
const create = (body: object = {}, credential = key): Promise<Made> =>
  server.client.ask<Made>('/v1/webhooks', { credential, body: { url: url(), ...body } })
const send = (path: string, method = 'GET', body?: object, credential = key) =>
  server.client.send(path, { method, credential, ...(body === undefined ? {} : { body }) })
const codeOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { code: string }).code

/** As the ingest of a minute does it, in its transaction. */
async function tell(body: Readonly<Record<string, unknown>>, orgId: string | null = null): Promise<string> {
  told += 1
  // Others than those of the events that the log of this server holds.
  const id = `evt_T${String(told).padStart(25, '0')}`
  const event = {
    type: 'regime.transition',
    symbol: 'btcusdt',
    timeframe: '1m',
    from: 'normal',
    to: 'high',
    preset: 'balanced',
    method: 'published',
    ...body,
  }
  await asWriter({ db: server.db }, (tx) =>
    tellSubscribers(tx, {
      events: [{ seq: told, id, orgId, type: event.type, body: { id, ts_ms: 1_733_041_680_000, ...event } }],
      atMs: Date.now(),
    }),
  )
  return id
}

describe('webhooks of regimes', () => {
  it('webhook-secret-is-seen-once, and both signatures of what is sent verify under it', async () => {
    const made = await create({ symbols: ['btcusdt'], to_regimes: ['high'] })
    expect(made).toMatchObject({ id: 1, signing_secret: expect.stringMatching(/^whsec_/) })
    const secret = made.signing_secret ?? ''
    for (const path of [
      '/v1/webhooks',
      '/v1/webhooks/1',
      `/v1/webhooks/${made.uid}`,
      '/v1/webhooks/1/deliveries',
    ])
      expect((await send(path)).text).not.toContain(secret.slice(6))
    await tell({ to: 'low' })
    await tell({ symbol: 'ethusdt' })
    await tell({ preset: 'aggressive' })
    const id = await tell({})
    await expect.poll(() => received.length).toBe(1)
    const [{ headers, body } = { headers: {}, body: '' }] = received
    expect(headers).toMatchObject({
      'webhook-id': id,
      'x-gatehouse-attempt': '1',
      'user-agent': 'Gatehouse-Webhooks/1.0',
    })
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    expect(new Webhook(secret).verify(body, plain)).toMatchObject({ id, symbol: 'btcusdt', to: 'high' })
    const [, timestamp, signature] = /^t=(\d+),v1=(\w+)$/.exec(plain['x-amaneki-signature'] ?? '') ?? []
    expect(createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')).toBe(signature)
  })

  it('a test is sent like any other message, a replay under the same id, and the log has each attempt', async () => {
    const { id } = await create({ symbols: ['solusdt'] })
    const tested = await server.client.ask(`/v1/webhooks/${id}/test`, { method: 'POST', credential: key })
    expect(tested).toMatchObject({ delivered: true, status: 200, error: null })
    const event = await tell({ symbol: 'solusdt' })
    await expect.poll(() => received.filter(({ headers }) => headers['webhook-id'] === event).length).toBe(1)
    const logged = async () =>
      (
        await server.client.ask<{ deliveries: { id: string; state: string; attempts: object[] }[] }>(
          `/v1/webhooks/${id}/deliveries`,
          { credential: key },
        )
      ).deliveries
    await expect.poll(async () => (await logged()).find((one) => one.id === event)?.state).toBe('delivered')
    expect((await send(`/v1/webhooks/${id}/deliveries/${event}/replay`, 'POST')).text).toBe('{"replayed":1}')
    await expect.poll(() => received.filter(({ headers }) => headers['webhook-id'] === event).length).toBe(2)
    expect(JSON.parse(received.at(-1)?.body ?? '')).toMatchObject({ id: event, replayed: true })
    const span = { from_ms: Date.now() - 60_000, to_ms: Date.now() + 60_000 }
    expect((await send(`/v1/webhooks/${id}/replay`, 'POST', span)).status).toBe(200)
    expect(
      codeOf(
        await send(`/v1/webhooks/${id}/replay`, 'POST', { ...span, to_ms: span.from_ms + 8 * 86_400_000 }),
      ),
    ).toBe('validation_failed')
    for (const at of [9_007_199_254_740_990, 1_733_041_680])
      expect(codeOf(await send(`/v1/webhooks/${id}/replay`, 'POST', { from_ms: at, to_ms: at + 1 }))).toBe(
        'validation_failed',
      )
    const listed = await server.client.ask<{ subscriptions: object[] }>('/v1/webhooks', { credential: key })
    expect(listed.subscriptions[0]).toMatchObject({
      id,
      symbols: ['solusdt'],
      failure_count: 0,
      last_success_at: expect.stringMatching(/Z$/),
      disabled_at: null,
    })
    expect((await send(`/v1/webhooks/${id}`, 'DELETE')).status).toBe(204)
    expect((await send(`/v1/webhooks/${id}`, 'DELETE')).status).toBe(404)
    expect((await create()).id).toBe(id + 1)
  })

  it('webhook-numbers-mean-nothing-to-another-org: they count from one, and a foreign one is as one that never was', async () => {
    const [first, second] = [await create({}, theirs), await create({}, theirs)]
    expect([first.id, second.id]).toEqual([1, 2])
    for (const _ of [first, second]) await create()
    const own = await create()
    expect(own.id).toBeGreaterThan(2)
    const mask = (text: string): string => text.replace(/req_\w+/, 'REQUEST')
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/test', 'POST'],
      ['/enable', 'POST'],
      ['/deliveries', 'GET'],
    ] as const)
      for (const id of [String(own.id), own.uid]) {
        const foreign = await send(`/v1/webhooks/${id}${path}`, method, undefined, theirs)
        const never = await send(`/v1/webhooks/999999${path}`, method, undefined, theirs)
        expect({ status: foreign.status, text: mask(foreign.text) }).toEqual({
          status: 404,
          text: mask(never.text),
        })
      }
    expect((await send(`/v1/webhooks/${own.id}`)).status).toBe(200)
  })

  it.each([
    ['http', 'http://example.com/hook'],
    ['a private address', 'https://10.0.0.1/hook'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest'],
    ['a name of its own', 'https://ann:secret@93.184.216.34/'],
    ['a port of mail', 'https://93.184.216.34:25/'],
  ])('%s is refused by name', async (_what, target) => {
    const refused = await send('/v1/webhooks', 'POST', { url: target })
    expect({ status: refused.status, text: refused.text }).toMatchObject({
      status: 422,
      text: expect.stringContaining('"field":"url"'),
    })
  })

  it('chats get one message for what comes together, ten entries at most, no sooner than three seconds after another', async () => {
    await server.db.pool.query(
      `INSERT INTO volatility.subscription (org_id, number, id, kind, shown, sealed_target, events, symbols, timeframes,
         to_regimes, preset, method, description, state, created_at)
       VALUES ($1, 900, 'chat', 'slack', 'x', 'x', '{regime.transition}', '{xrpusdt}', '{1m}', '{high}', 'balanced',
         'published', '', 'disabled', now())`,
      [ann.user.teamId],
    )
    for (let count = 0; count < 12; count += 1) await tell({ symbol: 'xrpusdt' })
    const { rows } = await server.db.pool.query<{ body: string }>(
      `SELECT body FROM gatehouse.delivery WHERE destination_id = 'chat'`,
    )
    expect(rows.length).toBe(1)
    const { events, more } = JSON.parse(rows[0]?.body ?? '') as { events: object[]; more: number }
    expect({ events: events.length, more }).toEqual({ events: 10, more: 2 })
    await server.db.pool.query(`DELETE FROM gatehouse.delivery WHERE destination_id = 'chat'`)
    await server.db.pool.query(`DELETE FROM volatility.subscription WHERE id = 'chat'`)
  })
})

it('whatever is done to a subscription, or said of an event, is an entry of the chain', async () => {
  server.passMinute()
  const own = await createKey(server.client, ann, 'volatility')
  const { id } = await create({ symbols: ['avaxusdt'] })
  const event = await tell({ symbol: 'avaxusdt' })
  // Only what has arrived can be sent again.
  await expect.poll(async () => (await send(`/v1/webhooks/${id}/deliveries`)).text).toContain('"delivered"')
  const span = { from_ms: Date.now() - 60_000, to_ms: Date.now() + 60_000 }
  const deeds = [
    ['webhook.replay', `/v1/webhooks/${id}/deliveries/${event}/replay`, 'POST', undefined],
    ['webhook.create', '/v1/webhooks', 'POST', { url: url() }],
    ['webhook.test', `/v1/webhooks/${id}/test`, 'POST', undefined],
    ['webhook.replay', `/v1/webhooks/${id}/replay`, 'POST', span],
    ['webhook.update', `/v1/webhooks/${id}`, 'PATCH', { symbols: ['solusdt'] }],
    ['webhook.enable', `/v1/webhooks/${id}/enable`, 'POST', undefined],
    ['webhook.delete', `/v1/webhooks/${id}`, 'DELETE', undefined],
    ['key.narrow', '/v1/me/allowlist', 'PUT', { symbols: ['btcusdt'] }],
    ['feedback.submit', '/v1/feedback', 'POST', { verdict: 'useful', symbol: 'btcusdt' }],
  ] as const
  const countOf = async (action: string): Promise<number> => {
    const { rows } = await server.db.pool.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM gatehouse.audit_entry WHERE event_type = $1',
      [action],
    )
    return rows[0]?.count ?? 0
  }
  for (const [action, path, method, body] of deeds) {
    const before = await countOf(action)
    const { status } = await send(path, method, body, path.startsWith('/v1/me') ? own : key)
    expect({ path, isDone: status < 300, entries: await countOf(action) }).toEqual({
      path,
      isDone: true,
      entries: before + 1,
    })
  }
})

it('read-only-keys-cannot-write: neither a subscription nor what a key may see, nor a verdict', async () => {
  server.passMinute()
  const scopes = ['regime:read', 'webhooks:read', 'account:read']
  const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { name: 'reader', service: 'volatility', scopes },
  })
  for (const [path, method, body] of [
    ['/v1/webhooks', 'POST', { url: url() }],
    ['/v1/me/allowlist', 'PUT', { symbols: ['btcusdt'] }],
    ['/v1/feedback', 'POST', { verdict: 'useful' }],
  ] as const)
    expect({ path, status: (await send(path, method, body, apiKey.key)).status }).toEqual({
      path,
      status: 403,
    })
  expect((await send('/v1/webhooks', 'GET', undefined, apiKey.key)).status).toBe(200)
})

describe('what a key may see', () => {
  it('allow-lists-hold-on-every-door-and-only-narrow', async () => {
    const own = await createKey(server.client, ann, 'volatility')
    const put = (symbols: readonly string[]) => send('/v1/me/allowlist', 'PUT', { symbols }, own)
    expect((await send('/v1/me/allowlist', 'GET', undefined, own)).text).toBe('{"symbols":[]}')
    const everything = await create({ symbols: ['*'] }, own)
    expect((await put(['btcusdt', 'ethusdt'])).text).toBe('{"symbols":["btcusdt","ethusdt"]}')
    server.passMinute()
    for (const symbol of ['ltcusdt', 'nousdt'])
      for (const [path, method, body] of [
        [`/v1/regime/${symbol}`, 'GET', undefined],
        [`/v1/regime/${symbol}/history`, 'GET', undefined],
        [`/v1/regimes?symbols=${symbol}`, 'GET', undefined],
        [`/v1/me/events?symbol=${symbol}`, 'GET', undefined],
        ['/v1/webhooks', 'POST', { url: url(), symbols: [symbol] }],
        [`/v1/webhooks/${everything.id}`, 'PATCH', { symbols: [symbol] }],
        ['/v1/feedback', 'POST', { verdict: 'useful', symbol }],
      ] as const) {
        const refused = await send(path, method, body, own)
        expect({ path, status: refused.status, code: codeOf(refused) }).toEqual({
          path,
          status: 403,
          code: 'symbol_not_allowed',
        })
      }
    await expect.poll(async () => (await send('/v1/regime/btcusdt', 'GET', undefined, own)).status).toBe(200)
    const listed = await send('/v1/symbols', 'GET', undefined, own)
    expect((JSON.parse(listed.text) as { symbols: string[] }).symbols).toEqual(['btcusdt', 'ethusdt'])
    const { socket, said } = await openSocket(`${server.origin}/v1/stream`, ['gatehouse.v1'], bearer(own))
    socket.send(JSON.stringify({ op: 'subscribe', id: 'a', symbols: ['ltcusdt'] }))
    socket.send(JSON.stringify({ op: 'subscribe', id: 'b', symbols: ['*'] }))
    await expect.poll(() => said.join()).toContain('subscribed')
    expect(said.join()).toContain('symbol_not_allowed')
    const [, seen] = await tellEvents(server.db.pool, [{ symbol: 'ltcusdt' }, { symbol: 'ethusdt' }])
    await expect.poll(() => said.filter((text) => text.includes('regime.transition')).length).toBe(1)
    expect(said.at(-1)).toContain(`"seq":${seen}`)
    expect((await put(['btcusdt'])).status).toBe(200)
    await expect
      .poll(async () => {
        const before = said.length
        await tellEvents(server.db.pool, [{ symbol: 'ethusdt' }, { symbol: 'btcusdt' }])
        await expect.poll(() => said.length).toBeGreaterThan(before)
        return said.slice(before).filter((text) => text.includes('ethusdt')).length
      })
      .toBe(0)
    socket.terminate()
    await tell({ symbol: 'ethusdt' })
    const id = await tell({ symbol: 'btcusdt' })
    await expect.poll(() => received.map(({ headers }) => headers['webhook-id'])).toContain(id)
    const log = await send(`/v1/webhooks/${everything.id}/deliveries`, 'GET', undefined, own)
    expect(log.text).not.toContain('ethusdt')
    const { apiKeys } = await server.client.ask<{ apiKeys: { id: string; keyPrefix: string }[] }>(
      '/dashboard/api-keys',
      { credential: ann.accessToken },
    )
    const ceilingPath = `/dashboard/volatility/api-keys/${apiKeys.find(({ keyPrefix }) => own.startsWith(keyPrefix))?.id}/ceiling`
    const allow = async (symbols: readonly string[], by = ann) => {
      server.passMinute()
      return server.client.send(ceilingPath, {
        method: 'PUT',
        credential: by.accessToken,
        headers: await proveAnew(server.client, by),
        body: { symbols },
      })
    }
    // Neither another organisation nor the key itself sets it, and nobody to a symbol that there is not.
    expect(codeOf(await allow(['btcusdt'], bob))).toBe('key_not_found')
    expect((await send(ceilingPath, 'PUT', { symbols: [] }, own)).status).toBe(401)
    expect(codeOf(await allow(['nousdt']))).toBe('symbol_not_found')
    expect((await allow(['ethusdt', 'solusdt'])).status).toBe(200)
    const shown = await server.client.ask(ceilingPath, { credential: ann.accessToken })
    expect(shown).toEqual({ symbols: ['ethusdt', 'solusdt'] })
    const entries = await server.client.send('/dashboard/audit-logs?action=key.set_ceiling', {
      credential: ann.accessToken,
    })
    expect(entries.text).toContain('solusdt')
    // What the key chose before does not reach over a ceiling that was lowered.
    server.passMinute()
    expect((await send('/v1/regime/btcusdt', 'GET', undefined, own)).status).toBe(403)
    const queued = async (event: string) =>
      (
        await server.db.pool.query<{ id: string }>(
          'SELECT id FROM gatehouse.delivery WHERE destination_id = $1 AND id = $2',
          [everything.uid, event],
        )
      ).rows.length
    expect(await queued(await tell({ symbol: 'btcusdt' }))).toBe(0)
    expect((await allow(['btcusdt', 'solusdt'])).status).toBe(200)
    expect(await queued(await tell({ symbol: 'btcusdt' }))).toBe(1)
    expect((await put(['ethusdt'])).status).toBe(422)
    expect((await put([])).text).toBe('{"symbols":["btcusdt","solusdt"]}')
  })

  it('what a key says of an event is kept once, and shown beside it', async () => {
    const [seq] = await tellEvents(server.db.pool, [{ symbol: 'dotusdt' }])
    const body = { verdict: 'noise', event_id: seq }
    expect((await send('/v1/feedback', 'POST', body)).status).toBe(201)
    expect((await send('/v1/feedback', 'POST', { ...body, verdict: 'useful' })).status).toBe(201)
    const seen = await server.client.ask<{ events: object[] }>('/v1/me/events?symbol=dotusdt', {
      credential: key,
    })
    expect(seen).toMatchObject({
      count: 1,
      events: [{ event_id: seq, symbol: 'dotusdt', feedback: 'useful', deliveries: 0 }],
    })
    const others = await server.client.ask<object>('/v1/me/events?symbol=dotusdt', { credential: theirs })
    expect(others).toMatchObject({ events: [{ feedback: null }] })
    expect(codeOf(await send('/v1/feedback', 'POST', { verdict: 'x', event_id: 999_999 }))).toBe(
      'event_not_found',
    )
    for (const wrong of [
      { verdict: 'Not So' },
      { verdict: 'x', org_id: 'y' },
      { verdict: 'x', note: 'n'.repeat(501) },
    ])
      expect((await send('/v1/feedback', 'POST', wrong)).status).toBe(422)
  })
})
