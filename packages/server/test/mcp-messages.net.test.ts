import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { sendRaw } from './fixtures/raw-http.ts'
import { connectMcp, type McpClient } from './fixtures/mcp-client.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
})
afterAll(() => server.stop())

describe('what is no message is refused in the words of every other path', () => {
  it.each(['GET', 'DELETE', 'PUT'])('%s is told that this path takes POST', async (method) => {
    const { status, text, headers } = await server.client.send('/mcp', {
      method,
      headers: { 'x-api-key': key, accept: 'text/event-stream' },
    })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('POST')
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(JSON.parse(text)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  it.each<[what: string, body: unknown, status: number, detail: string]>([
    ['no JSON', '{', 400, 'not valid JSON'],
    ['several messages at once', [{ jsonrpc: '2.0', id: 1, method: 'ping' }], 400, 'body'],
    ['no message', { hello: 1 }, 400, 'jsonrpc'],
    [
      'names that reach into prototypes',
      '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{}}',
      400,
      'name',
    ],
    ['more than a mebibyte', { jsonrpc: '2.0', id: 1, method: 'x'.repeat(1_048_577) }, 413, '1048576'],
  ])('%s', async (_what, body, expected, detail) => {
    const { status, text, headers } = await server.client.send('/mcp', {
      body,
      headers: { 'x-api-key': key },
    })
    expect({ status, text }).toMatchObject({
      status: expected,
      text: expect.stringContaining(detail) as string,
    })
    expect(headers.get('content-type')).toContain('application/problem+json')
  })

  it('a method that the protocol does not have is an error of the protocol', async () => {
    const { status, text } = await server.client.send('/mcp', {
      body: { jsonrpc: '2.0', id: 7, method: 'resources/list' },
      headers: { 'x-api-key': key },
    })
    expect({ status, reply: JSON.parse(text) as unknown }).toMatchObject({
      status: 200,
      reply: { id: 7, error: { code: -32601 } },
    })
  })

  it('messages besides calls have a limit of their own, and the next minute begins anew', async () => {
    const ping = () =>
      server.client.send('/mcp', {
        body: { jsonrpc: '2.0', id: 1, method: 'ping' },
        headers: { 'x-api-key': key },
      })
    server.passMinute()
    const answers = await Promise.all(Array.from({ length: 601 }, ping))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    server.passMinute()
    expect((await ping()).status).toBe(200)
  })
})

describe('pages of others cannot use it', () => {
  it('a page of an origin that nobody allowed is refused, with a key that works', async () => {
    const ask = (origin: string) =>
      server.client.send('/mcp', {
        body: { jsonrpc: '2.0', id: 1, method: 'ping' },
        headers: { 'x-api-key': key, origin },
      })
    expect((await ask('https://evil.example.com')).status).toBe(403)
    expect((await ask('null')).status).toBe(403)
    expect((await ask(server.origin)).status).toBe(200)
  })
})

describe('a name that was pointed at this machine is refused', () => {
  it('where no proxy stands before the server', async () => {
    const bare = await composeServer({ GATEHOUSE_TRUSTED_PROXY_HOPS: '0' })
    const ask = async (host: string): Promise<number> => {
      const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
      return (await sendRaw(bare.origin, head)).status
    }
    expect(await ask('rebound.example.com:3000')).toBe(403)
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) expect(await ask(host)).toBe(401)
    await bare.stop()
  })
})

describe('volatility-keys-see-volatility-tools', () => {
  let client: McpClient
  let own: string

  beforeAll(async () => {
    server.passMinute()
    own = await createKey(server.client, ann, 'volatility')
    client = await connectMcp(server.origin, own)
  })
  afterAll(() => client.close())

  it('those of its own service alone, and all of them read', async () => {
    const writer = await connectMcp(server.origin, key)
    const tools = await client.listTools()
    const names = tools.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'list_symbols',
        'get_regime',
        'get_regime_history',
        'get_consensus',
        'get_lead_lag',
        'get_iv_gap',
        'get_funding',
        'run_backtest',
        'get_regime_statistics',
        'get_regime_quality',
        'get_volatility_range',
      ]),
    )
    expect(names.length).toBeLessThanOrEqual(20)
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([])
    const others = (await writer.listTools()).map(({ name }) => name)
    expect(names.filter((name) => others.includes(name))).toEqual([])
    await expect(client.call('get_operator_profile', { operator_id: 'x' })).rejects.toThrow(
      'no tool of that name',
    )
    await expect(writer.call('get_regime', { symbol: 'btcusdt' })).rejects.toThrow('no tool of that name')
    await writer.close()
  })

  it('and hear from them what HTTP answers', async () => {
    const http = async (path: string, body?: object) => {
      const { status, text } = await server.client.send(path, {
        credential: own,
        ...(body === undefined ? {} : { body }),
      })
      return { status, reply: JSON.parse(text) as Readonly<Record<string, unknown>> }
    }
    const symbols = await http('/v1/symbols')
    expect(await client.call('list_symbols')).toMatchObject({
      isError: false,
      data: { status: 200, data: symbols.reply },
    })
    const body = { symbol: 'btcusdt', rule: 'avoid_high' }
    for (const [name, args, answered] of [
      ['get_regime', { symbol: 'nousdt' }, await http('/v1/regime/nousdt')],
      ['get_funding', { symbol: 'btcusdt' }, await http('/v1/funding/btcusdt')],
      ['get_volatility_range', { symbol: 'btcusdt' }, await http('/v1/regime/btcusdt/volatility-range')],
      [
        'get_regime_quality',
        { symbol: 'btcusdt', method: 'rv-level' },
        await http('/v1/regime/btcusdt/quality?method=rv-level'),
      ],
      ['run_backtest', body, await http('/v1/backtest', body)],
      ['run_backtest', { ...body, fee_bps: 201 }, await http('/v1/backtest', { ...body, fee_bps: 201 })],
    ] as const) {
      const { status, reply } = answered
      expect(await client.call(name, args)).toMatchObject({
        isError: true,
        data: { status, code: reply['code'], detail: reply['detail'] },
      })
    }
  })
})

describe('tools-that-belong-together-are-one', () => {
  it('whose argument says what is meant, and is asked for by name', async () => {
    server.passMinute()
    const client = await connectMcp(server.origin, await createKey(server.client, ann, 'volatility'))
    const tool = (await client.listTools()).find(({ name }) => name === 'get_regime_statistics')
    expect(tool?.inputSchema).toMatchObject({
      properties: { what: { enum: ['matrix', 'durations', 'returns'] }, horizon_bars: {}, lookback_days: {} },
      required: ['what', 'symbol'],
    })
    const symbol = 'btcusdt'
    for (const [what, path] of [
      ['matrix', 'matrix'],
      ['durations', 'durations'],
      ['returns', 'conditional-returns'],
    ] as const) {
      const answered = await server.client.ask(`/v1/regime/${symbol}/${path}?lookback_days=7`)
      expect(await client.call('get_regime_statistics', { what, symbol, lookback_days: 7 })).toEqual({
        isError: false,
        data: { status: 200, data: answered },
      })
    }
    for (const args of [{ symbol }, { what: 'mean', symbol }])
      expect(await client.call('get_regime_statistics', args)).toMatchObject({
        isError: true,
        data: {
          status: 422,
          errors: [{ field: 'what', message: 'must be one of matrix, durations, returns' }],
        },
      })
    const quality = await server.client.ask(`/v1/regime/${symbol}/quality`)
    expect(await client.call('get_regime_quality', { symbol })).toEqual({
      isError: false,
      data: { status: 200, data: quality },
    })
    await client.close()
  })
})
