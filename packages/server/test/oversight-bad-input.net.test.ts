import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string
let strangerKey: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
  strangerKey = await createKey(server.client, await foundSecondOrg(server.client, ann), 'oversight')
})
afterAll(() => server.stop())

type Refused = {
  readonly code: string
  readonly message: string
  readonly field: string | null
  readonly allowed_values: readonly string[] | null
  readonly errors: readonly { readonly path: string; readonly message: string }[]
}

type Call = Parameters<ComposedServer['client']['send']>[1]

const send = (path: string, call: Call = {}) =>
  server.client.send(path, { ...call, headers: { 'x-api-key': key, ...call.headers } })

async function refused(path: string, call: Call): Promise<Refused & { readonly status: number }> {
  const { status, text } = await send(path, call)
  const { error = {} } = JSON.parse(text) as { error?: Refused }
  // Safe: every refusal of the service has these members.
  return { status, ...(error as Refused) }
}

const decided = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
  hover_events: 2,
  scroll_depth: 0.7,
  alternative_views_checked: 1,
}
const one = { session_id: 'sess-001', operator_id: 'analyst-42', domain: 'financial', interaction: decided }
const batch = { session_id: 'b', operator_id: 'analyst-42', domain: 'financial', interactions: [decided] }
const scored = (changes: object) => ({ ...one, interaction: { ...decided, ...changes } })
/** The body as text, with one value put in that no JSON writer would write. */
const literal = (text: string): string => JSON.stringify(scored({ scroll_depth: '@' })).replace('"@"', text)
const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`

type Row = readonly [
  what: string,
  path: string,
  body: unknown,
  wanted: { readonly status: number } & Partial<Refused>,
]

const invalid = (field: string) => ({ status: 422, code: 'VALIDATION_FAILED', field })

const rows: readonly Row[] = [
  ['what is not JSON', '/v1/score', '{"session_id":', { status: 400, code: 'INVALID_JSON' }],
  ['a member that nobody knows', '/v1/score', { ...one, model: 'x' }, invalid('model')],
  ['a wrong type', '/v1/score', scored({ hover_events: 'two' }), invalid('interaction.hover_events')],
  ['a number as a string', '/v1/score', scored({ scroll_depth: '0.5' }), invalid('interaction.scroll_depth')],
  ['a share above 1', '/v1/score', scored({ scroll_depth: 1.01 }), invalid('interaction.scroll_depth')],
  [
    'a fault inside a batch, by its place',
    '/v1/score/batch',
    { ...batch, interactions: [decided, decided, decided, { ...decided, scroll_depth: 2 }] },
    {
      ...invalid('interactions[3].scroll_depth'),
      errors: [{ path: 'interactions[3].scroll_depth', message: 'must be between 0 and 1' }],
    },
  ],
  [
    'a bad operator, behind other faults',
    '/v1/score',
    { ...scored({ scroll_depth: 2 }), operator_id: 'a b' },
    { status: 422, code: 'OPERATOR_ID_INVALID', field: 'operator_id' },
  ],
  ['a commit that defers', '/v1/score/sess-001/commit', { decision: 'defer' }, invalid('decision')],
  ['a commit without a decision', '/v1/score/sess-001/commit', {}, invalid('decision')],
  [
    'metadata over 2,048 bytes',
    '/v1/score',
    scored({ decision_metadata: { deferred_reason: 'x'.repeat(3_000) } }),
    invalid('interaction.decision_metadata'),
  ],
  [
    'a trap whose advice was right',
    '/v1/score',
    scored({ scenario_type: 'trap', ai_correct: true }),
    { status: 422, code: 'VALIDATION_FAILED' },
  ],
  [
    'an accepted decision that turned out otherwise than the advice',
    '/v1/score',
    scored({ decision: 'accepted', modification_extent: 0, outcome_correct: true, ai_correct: false }),
    { status: 422, code: 'VALIDATION_FAILED' },
  ],
  [
    'two of three values',
    '/v1/score',
    scored({ initial_decision: { agrees_with_ai: false, value: 1, ai_value: 2 } }),
    { status: 422, code: 'VALIDATION_FAILED' },
  ],
  ['NaN', '/v1/score', literal('NaN'), { ...invalid('interaction.scroll_depth') }],
  ['Infinity', '/v1/score', literal('-Infinity'), invalid('interaction.scroll_depth')],
  ['1e400', '/v1/score', literal('1e400'), invalid('interaction.scroll_depth')],
  [
    'a name that stands twice',
    '/v1/score',
    literal('0.5,"hover_events":1'),
    invalid('interaction.hover_events'),
  ],
  [
    'a name that stands twice, spelled otherwise',
    '/v1/score',
    literal('0.5,"hover\\u005fevents":1'),
    invalid('interaction.hover_events'),
  ],
  [
    'a name of prototypes',
    '/v1/score',
    literal('0.5,"__proto__":{}'),
    { status: 422, code: 'VALIDATION_FAILED' },
  ],
  ['nine levels', '/v1/audit/append', `{"event_type":"custom.x","payload":${nested(8)}}`, invalid('body')],
  ['an empty batch', '/v1/score/batch', { ...batch, interactions: [] }, invalid('interactions')],
  [
    '101 items',
    '/v1/score/batch',
    { ...batch, interactions: Array.from({ length: 101 }, () => decided) },
    { status: 422, code: 'VALIDATION_FAILED' },
  ],
  [
    'one name for two items',
    '/v1/score/batch',
    { ...batch, interactions: [{ ...decided, session_id: 'a' }, decided, { ...decided, session_id: 'a' }] },
    {
      ...invalid('interactions[0].session_id'),
      errors: [
        { path: 'interactions[0].session_id', message: 'stands twice in this batch' },
        { path: 'interactions[2].session_id', message: 'stands twice in this batch' },
      ],
    },
  ],
  ['two request ids', '/v1/score', { ...one, request_id: 'req-of-the-body-1234' }, invalid('request_id')],
]

describe('bad input', () => {
  it.each(rows)('%s is refused, and says why', async (what, path, body, wanted) => {
    const headers = what === 'two request ids' ? { 'x-request-id': 'req-of-the-header-12' } : {}
    const { status, text } = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : body,
    })
    const { error } = JSON.parse(text) as { error: Refused }
    expect({ ...error, status }).toMatchObject(wanted)
    expect(error.message).not.toBe('')
  })

  it('an enum is refused with its values', async () => {
    expect(await refused('/v1/score', { body: { ...one, domain: 'astrology' } })).toMatchObject({
      status: 422,
      field: 'domain',
      allowed_values: expect.arrayContaining(['healthcare', 'government']),
    })
  })

  it('all faults of a body are told, at most 20', async () => {
    const interactions = Array.from({ length: 30 }, () => ({ ...decided, scroll_depth: 2 }))
    const { errors } = await refused('/v1/score/batch', { body: { ...batch, interactions } })
    expect(errors).toHaveLength(20)
  })

  it.each([
    ['−0 is 0', literal('-0')],
    ['eight levels are taken', `{"event_type":"custom.x","payload":${nested(7)}}`],
  ])('%s', async (what, body) => {
    const path = what.startsWith('eight') ? '/v1/audit/append' : '/v1/score'
    const { status, text } = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect({ what, isTaken: status < 300, text: status < 300 ? '' : text }).toEqual({
      what,
      isTaken: true,
      text: '',
    })
  })

  it('null equals absent, and an empty object no body', async () => {
    const nulls = {
      ai_correct: null,
      operator_confidence: null,
      outcome_correct: null,
      initial_decision: null,
    }
    const first = JSON.parse(
      (await send('/v1/score', { body: { ...one, session_id: 'nulls' } })).text,
    ) as object
    const again = await send('/v1/score', {
      body: { ...scored(nulls), session_id: 'nulls', request_id: null },
    })
    expect(JSON.parse(again.text)).toMatchObject({
      interaction_id: (first as { interaction_id: string }).interaction_id,
      duplicate: true,
    })
  })

  it('a key without the scope is told which, and another org’s session is not there', async () => {
    const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { name: 'reader', service: 'oversight', scopes: ['organization:read'] },
    })
    expect(await refused('/v1/score', { body: one, headers: { 'x-api-key': apiKey.key } })).toMatchObject({
      status: 403,
      code: 'FORBIDDEN_SCOPE',
      message: expect.stringContaining('scores:write'),
    })
    await send('/v1/score', { body: { ...one, session_id: 'of-acme' } })
    const ask = async (session: string) => {
      const { status, text } = await send(`/v1/score/${session}`, { headers: { 'x-api-key': strangerKey } })
      return [status, text.replace(/"request_id":"[^"]+","timestamp":"[^"]+"/, '')]
    }
    expect(await ask('of-acme')).toEqual(await ask('of-nobody'))
    expect((await ask('of-acme'))[0]).toBe(404)
  })
})

describe('the request id', () => {
  const mine = 'my-own-request-id-1'

  it.each([
    ['in the header', { headers: { 'x-request-id': mine }, body: { ...one, session_id: 'h' } }],
    ['in the body', { body: { ...one, session_id: 'b', request_id: mine } }],
    ['in both', { headers: { 'x-request-id': mine }, body: { ...one, session_id: 'hb', request_id: mine } }],
  ])('%s is the caller’s own, in the reply and its header', async (_where, call) => {
    const { status, text, headers } = await send('/v1/score', call)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ request_id: mine })
    expect(headers.get('x-request-id')).toBe(mine)
  })

  it('stands in a refusal too, and one that is malformed is ignored', async () => {
    const { text } = await send('/v1/score', { headers: { 'x-request-id': mine }, body: {} })
    expect(JSON.parse(text)).toMatchObject({ error: { request_id: mine } })
    const { headers } = await send('/v1/score', { headers: { 'x-request-id': 'no good!' }, body: {} })
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/)
  })
})

describe('bodies at their caps', () => {
  const caps = { score: 1_048_576, batch: 5_242_880 }
  /** Blanks are part of a body, and of nothing else. */
  const padded = (body: object, bytes: number): string => {
    const text = JSON.stringify(body)
    return `${text.slice(0, -1)}${' '.repeat(bytes - Buffer.byteLength(text))}}`
  }
  const post = (path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: {
        'x-api-key': key,
        'x-forwarded-for': '198.18.0.1',
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })

  it.each([
    ['/v1/score', { ...one, session_id: 'at-cap' }, caps.score],
    ['/v1/score/batch', { ...batch, session_id: 'at-cap-b' }, caps.batch],
  ])('%s takes a body of its very cap, and none of one byte more', async (path, body, cap) => {
    expect((await post(path, padded(body, cap))).status).toBe(200)
    const over = await post(path, padded(body, cap + 1))
    expect(over.status).toBe(413)
    expect(await over.json()).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } })
  })

  it('a compressed body is counted inflated, and its own size does not matter', async () => {
    const gzip = { 'content-encoding': 'gzip' }
    const body = { ...batch, session_id: 'zipped' }
    expect((await post('/v1/score/batch', gzipSync(padded(body, caps.batch)), gzip)).status).toBe(200)
    const over = await post('/v1/score/batch', gzipSync(padded(body, caps.batch + 1)), gzip)
    expect(over.status).toBe(413)
  })

  it('100 items are taken', async () => {
    const interactions = Array.from({ length: 100 }, () => decided)
    expect(
      (await send('/v1/score/batch', { body: { ...batch, session_id: 'full', interactions } })).status,
    ).toBe(200)
  })

  it('after a body over the cap the connection is closed cleanly, with the answer read', async () => {
    const { port } = new URL(server.origin)
    const socket = connect(Number(port), '127.0.0.1')
    let read = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (read += chunk))
    const closed = once(socket, 'close')
    socket.write(
      `POST /v1/score HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${caps.score + 1}\r\nX-Forwarded-For: 198.18.0.2\r\n\r\n`,
    )
    await closed
    expect(read).toContain(' 413 ')
    expect(read.toLowerCase()).toContain('connection: close')
    expect(read).toContain('PAYLOAD_TOO_LARGE')
  })
})

describe('an Idempotency-Key', () => {
  it('answers a PUT and a DELETE again, too, in the first answer’s very bytes', async () => {
    const keyed = { 'idempotency-key': 'a key with blanks in it' }
    const put = (stamp_ms: number) =>
      send('/v1/organization/settings', { method: 'PUT', headers: keyed, body: { stamp_ms } })
    const [first, again, other] = [await put(900), await put(900), await put(901)]
    expect([first.status, again.text === first.text, other.status]).toEqual([200, true, 422])
    expect(JSON.parse(other.text)).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it.each([
    [256, 200],
    [257, 422],
  ])('of %i characters is answered %i', async (length, status) => {
    const headers = { 'idempotency-key': 'k'.repeat(length) }
    expect((await send('/v1/score', { headers, body: { ...one, session_id: `k${length}` } })).status).toBe(
      status,
    )
  })
})

describe('without a key', () => {
  it('GET / tells whoever asks for JSON that it lives, and sends browsers to the dashboard', async () => {
    const json = await server.client.send('/', { headers: { accept: 'application/json' } })
    expect(JSON.parse(json.text)).toMatchObject({ status: 'ok', name: 'gatehouse-oversight' })
    const browser = await server.client.send('/', { headers: { accept: 'text/html' } })
    expect([browser.status, browser.headers.get('location')]).toEqual([308, '/app'])
  })

  it('GET /v1 says what there is', async () => {
    const { text } = await server.client.send('/v1')
    expect(JSON.parse(text)).toMatchObject({
      name: 'gatehouse-oversight',
      version: expect.any(String),
      uptime_seconds: expect.any(Number),
      endpoints: expect.arrayContaining(['POST /v1/score']),
      openapi: '/openapi/oversight.json',
    })
    const { openapi } = JSON.parse(text) as { openapi: string }
    const document = JSON.parse((await server.client.send(openapi)).text) as { paths: object }
    expect(Object.keys(document.paths)).toContain('/v1/score')
    expect(Object.keys(document.paths).some((path) => path.startsWith('/api/v1/monitors'))).toBe(false)
  })

  it('the 61st call a minute from an address is 429 RATE_LIMITED_IP', async () => {
    server.passMinute()
    const headers = { 'x-forwarded-for': '198.18.7.7' }
    const statuses = []
    for (let at = 0; at < 61; at += 1) statuses.push((await server.client.send('/v1', { headers })).status)
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true)
    const { status, text, headers: told } = await server.client.send('/v1', { headers })
    expect([statuses[60], status]).toEqual([429, 429])
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'RATE_LIMITED_IP' } })
    expect(Number(told.get('retry-after'))).toBeGreaterThanOrEqual(1)
  })
})

it.each([
  ['application/x-ndjson', 200],
  ['application/octet-stream', 200],
  ['Application/Octet-Stream; charset=binary', 200],
  ['application/json', 422],
  ['text/plain', 422],
])('the lines of an import sent as %s are answered %i', async (mediaType, status) => {
  const begun = await send('/v1/imports', { body: { name: mediaType, on_error: 'skip' } })
  const id = (JSON.parse(begun.text) as { import: { import_id: string } }).import.import_id
  const answer = await send(`/v1/imports/${id}/lines?from_line=1`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: `${JSON.stringify(one)}\n`,
  })
  expect(answer.status).toBe(status)
  if (status === 422) expect(answer.text).toContain('must be sent as application/x-ndjson')
})
