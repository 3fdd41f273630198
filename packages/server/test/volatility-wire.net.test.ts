import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { volatilityEndpoints } from '../src/services/volatility/contract/endpoints.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'volatility')
})
afterAll(() => server?.stop())

/** Reads of the wire: with what the paths name, and what a call cannot do without. */
const needed: Readonly<Record<string, string>> = {
  getStateAt: 'ts_ms=1733041680000',
  getImpact: 'to=high',
  getPairLeadLag: 'leader=btcusdt&follower=ethusdt',
  getLeadLag: 'leader=btcusdt',
  getLeadLagFormerly: 'leader=btcusdt',
}
const reads = volatilityEndpoints
  .filter(({ method, reply }) => method === 'GET' && 'schema' in reply)
  .map(({ id, path }): [id: string, path: string] => [
    id,
    `${path.replace('{symbol}', 'BTCUSDT').replace('{name}', 'balanced')}?${needed[id] ?? ''}`,
  ])

describe('no-wire-path-redirects-or-answers-empty', () => {
  it.each(reads)('%s answers with an object, with a slash at its end too', async (_id, path) => {
    for (const asked of [path, path.replace('?', '/?')]) {
      const { status, text } = await server.client.send(asked, { credential: key })
      expect(Math.floor(status / 100), `${asked} answered ${status}`).not.toBe(3)
      expect(status).not.toBe(204)
      expect(JSON.parse(text)).toBeTypeOf('object')
    }
  })

  it('a name that is not known here is passed over and listed, as clients may send more', async () => {
    const { status, headers } = await server.client.send('/v1/consensus/btcusdt?mode=fast&timeframe=5m')
    expect([status, headers.get('x-gatehouse-ignored')]).toEqual([200, 'mode'])
  })
})

/** What changes something and takes no body. */
const bodiless = volatilityEndpoints
  .filter((endpoint) => endpoint.method !== 'GET' && !('body' in endpoint) && !('textBody' in endpoint))
  .map(({ id, method, path }): [id: string, method: string, path: string] => [
    id,
    method,
    path.replaceAll(/\{\w+\}/g, '999'),
  ])

describe('empty-objects-count-as-no-body', () => {
  it.each(bodiless)('%s takes {} as it takes nothing, and no other body', async (id, method, path) => {
    const send = async (body: string | undefined) => {
      // A key that is replaced is gone.
      const credential = path.startsWith('/dashboard/')
        ? ann.accessToken
        : id === 'rotateVolatilityKey'
          ? await createKey(server.client, ann, 'volatility')
          : key
      const { status } = await server.client.send(path, { method, credential, body })
      return status
    }
    const withNone = await send(undefined)
    expect([await send('{}'), await send(' { } ')]).toEqual([withNone, withNone])
    expect(withNone).not.toBe(422)
    expect([await send('{"a":1}'), await send('[]'), await send('null')]).toEqual([422, 422, 422])
  })
})

type Body = {
  readonly code: string
  readonly detail: string
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
}

async function refusalOf(
  path: string,
  call: Parameters<ComposedServer['client']['send']>[1] = {},
): Promise<Body & { readonly status: number }> {
  const { status, text, headers } = await server.client.send(path, call)
  expect(headers.get('content-type')).toContain('application/problem+json')
  // Safe: the envelope of the service has these members.
  return { ...(JSON.parse(text) as Body), status }
}

const of = '/v1/regime/btcusdt'

describe('bad input names what is wrong', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'a body that is said to be %s is no JSON: 400, whatever it holds',
    async (type) => {
      const body = { symbol: 'btcusdt', rule: 'avoid_high' }
      expect(
        await refusalOf('/v1/backtest', { credential: key, body, headers: { 'content-type': type } }),
      ).toMatchObject({
        status: 400,
        code: 'invalid_json',
        errors: [{ field: 'body', message: 'must be sent as application/json' }],
      })
    },
  )

  it.each([
    [`/v1/regime/btcusd/matrix`, 404, 'symbol_not_found', 'btcusdt'],
    [`/v1/sizing/nosuchusdt`, 404, 'symbol_not_found', 'nearest'],
    [`${of}/matrix?preset=mine`, 404, 'preset_not_found', 'mine'],
    [`${of}/matrix?method=har-gk`, 422, 'method_not_calibrated', 'method'],
    [`/v1/correlation/btcusdt`, 409, 'series_warming_up', 'btcusdt'],
    [`/v1/correlation/market`, 409, 'series_warming_up', 'btcusdt'],
  ])('%s is %d %s', async (path, status, code, named) => {
    const body = await refusalOf(path)
    expect(body).toMatchObject({ status, code, detail: expect.stringContaining(named) })
  })

  it.each([
    ['/matrix?timeframe=3m', 'timeframe', '1m, 5m, 15m, 1h, 4h, 1d'],
    ['/matrix?lookback_days=0', 'lookback_days', 'between 1 and 400'],
    ['/matrix?lookback_days=401', 'lookback_days', 'between 1 and 400'],
    ['/matrix?lookback_days=1.5', 'lookback_days', 'whole number'],
    ['/durations?lookback_days=-7', 'lookback_days', 'between 1 and 400'],
    ['/conditional-returns?horizon_bars=1441', 'horizon_bars', 'between 1 and 1440'],
    ['/forecast?horizon_bars=0', 'horizon_bars', 'between 1 and 1440'],
    ['/impact', 'to', 'required'],
    ['/impact?to=wild', 'to', 'low, normal, high'],
    ['/impact?to=high&lookback_days=3651', 'lookback_days', 'between 1 and 3650'],
    ['/state_at', 'ts_ms', 'required'],
    ['/state_at?ts_ms=1733041680', 'ts_ms', 'milliseconds expected'],
    ['/state_at?ts_ms=-1733041680000', 'ts_ms', 'milliseconds expected'],
    ['/state_at?ts_ms=1733041680000.5', 'ts_ms', 'milliseconds expected'],
    ['/state_at?ts_ms=8000000000000000', 'ts_ms', 'future'],
    ['/top-down?match=up', 'match', 'low, normal, high, any'],
    ['/top-down?from_tf=1m&to_tf=1d', 'from_tf', 'not be shorter'],
    ['/stories?days=91', 'days', 'between 1 and 90'],
    ['/stories?limit=501', 'limit', 'between 1 and 500'],
    ['/explain?venue=nasdaq', 'venue', 'binance, coinbase, bybit'],
    ['/explain?method=tea-leaves', 'method', 'published, har-gk, rv-level'],
  ])('%s names %s', async (path, field, says) => {
    const body = await refusalOf(`${of}${path}`)
    expect(body).toMatchObject({ status: 422, code: 'validation_failed' })
    expect(body.errors).toMatchObject([{ field, message: expect.stringContaining(says) }])
    expect(body.detail).toContain(field)
  })

  it.each([
    ['/v1/sizing/btcusdt?target_vol=0', 'target_vol', 'between 0.01 and 5'],
    ['/v1/sizing/btcusdt?target_vol=1e309', 'target_vol', 'between 0.01 and 5'],
    ['/v1/sizing/btcusdt?regime_damper=yes', 'regime_damper', 'true, false'],
    ['/v1/correlation/market?window=19', 'window', 'between 20 and 1440'],
    ['/v1/regime/lead-lag?leader=btcusdt', 'follower', 'required'],
    [
      '/v1/regime/lead-lag?leader=btcusdt&follower=ethusdt&max_lag_minutes=121',
      'max_lag_minutes',
      '120 bars',
    ],
    [
      '/v1/regime/lead-lag?leader=btcusdt&follower=ethusdt&lookback_days=6',
      'lookback_days',
      'between 7 and 400',
    ],
    ['/v1/lead-lag', 'leader', 'required'],
    ['/v1/lead-lag?leader=btcusdt&max_lag=121', 'max_lag', 'between 1 and 120'],
    ['/v1/lead-lag?leader=btcusdt&maxlag=12', 'maxlag', 'not a known field'],
  ])('%s names %s', async (path, field, says) => {
    const body = await refusalOf(path)
    expect(body.status).toBe(422)
    expect(body.errors).toMatchObject([{ field, message: expect.stringContaining(says) }])
  })

  it.each<[what: string, body: unknown, status: number, field: string | undefined, says: string]>([
    ['no rule', { symbol: 'btcusdt' }, 422, 'rule', 'long_low_exit_normal'],
    ['an unknown rule', { symbol: 'btcusdt', rule: 'moon' }, 422, 'rule', 'avoid_high'],
    ['an unknown member', { symbol: 'btcusdt', rule: 'avoid_high', org_id: 'x' }, 422, 'org_id', 'known'],
    [
      'an unknown threshold',
      { symbol: 'btcusdt', rule: 'avoid_high', thresholds: { hi: 1 } },
      422,
      'thresholds.hi',
      'known',
    ],
    [
      'thresholds out of order',
      { symbol: 'btcusdt', rule: 'avoid_high', thresholds: { high_enter: -9 } },
      422,
      'thresholds.low_exit',
      'low_exit is below high_enter',
    ],
    [
      'a threshold that is a text',
      { symbol: 'btcusdt', rule: 'avoid_high', thresholds: { high_enter: '3' } },
      422,
      'thresholds.high_enter',
      'number',
    ],
    [
      'a number that no double holds',
      '{"symbol":"btcusdt","rule":"avoid_high","thresholds":{"high_enter":1e309}}',
      422,
      'thresholds.high_enter',
      'number',
    ],
    [
      'a threshold that is no number',
      '{"symbol":"btcusdt","rule":"avoid_high","thresholds":{"high_enter":NaN}}',
      422,
      'thresholds.high_enter',
      'NaN',
    ],
    ['what is no JSON', '{"symbol":', 400, undefined, 'JSON'],
    [
      'a run of no bars',
      { symbol: 'btcusdt', rule: 'avoid_high', thresholds: { enter_k: 0 } },
      422,
      'thresholds.enter_k',
      'between 1 and 60',
    ],
    ['a prototype', '{"symbol":"btcusdt","rule":"avoid_high","__proto__":{}}', 422, undefined, '__proto__'],
    ['a member twice', '{"symbol":"btcusdt","symbol":"ethusdt","rule":"avoid_high"}', 400, 'symbol', 'twice'],
    [
      'more levels than anything needs',
      `{"symbol":"btcusdt","rule":"avoid_high","thresholds":${'['.repeat(20)}${']'.repeat(20)}}`,
      422,
      undefined,
      'deep',
    ],
    ['a megabyte', `{"symbol":"btcusdt","rule":"${'a'.repeat(1_048_576)}"}`, 413, undefined, '1048576'],
    [
      'seconds',
      { symbol: 'btcusdt', rule: 'avoid_high', from_ms: 1_733_041_680 },
      422,
      'from_ms',
      'milliseconds expected',
    ],
    [
      'more than all of it in fees',
      { symbol: 'btcusdt', rule: 'avoid_high', fee_bps: 201 },
      422,
      'fee_bps',
      'between 0 and 200',
    ],
    ['a cold series', { symbol: 'btcusdt', rule: 'avoid_high' }, 409, undefined, 'btcusdt'],
    ['an unknown symbol', { symbol: 'nosuchusdt', rule: 'avoid_high' }, 404, undefined, 'nearest'],
  ])('a backtest with %s', async (_what, body, status, field, says) => {
    const refusal = await refusalOf('/v1/backtest', { body, credential: key })
    expect(refusal).toMatchObject({ status, detail: expect.stringContaining(says) })
    if (field !== undefined) expect(refusal.errors).toMatchObject([{ field }])
  })

  it('a symbol that its venue does not list is named with the venue', async () => {
    await server.db.pool.query(
      `INSERT INTO volatility.market (venue, symbol, kind, product, status, carried_since_ms)
       VALUES ('coinbase', 'ltcusdt', 'spot', 'LTC-USD', 'not_listed', 0)`,
    )
    await expect
      .poll(() => refusalOf('/v1/regime/ltcusdt?venue=coinbase'))
      .toMatchObject({ status: 404, code: 'symbol_not_listed', detail: expect.stringContaining('coinbase') })
    expect((await server.client.send('/v1/regime/ltcusdt')).status).toBe(200)
  })

  it('null equals absent, and capitals are lowered', async () => {
    const body = { symbol: 'BTCUSDT', rule: 'avoid_high', thresholds: null, from_ms: null, timeframe: null }
    expect(await refusalOf('/v1/backtest', { body, credential: key })).toMatchObject({
      status: 409,
      code: 'series_warming_up',
      detail: expect.stringContaining('btcusdt 1m'),
    })
  })
})

describe('without enough data a reply says so, and guesses nothing', () => {
  it.each([
    [`${of}/matrix`, { bars: 0, as_of_ms: null, reason: 'warming_up' }],
    [`${of}/durations`, { durations: { low: { n: 0, mean: null, max: null } }, current: null }],
    [`${of}/conditional-returns`, { baseline: { n: 0, mean: null, median: null }, reason: 'warming_up' }],
    [`${of}/explain`, { regime: null, z_vol: null, next: [], reason: 'warming_up' }],
    [`${of}/state_at?ts_ms=1733041680000`, { regime: null, reason: 'before_history' }],
    [`${of}/top-down`, { alignment_score: null, aligned_tfs: [], consensus: null, available: 0 }],
    [`${of}/stories`, { count: 0, stories: [], reason: 'warming_up' }],
    [`${of}/impact?to=high`, { sample_size: 0, horizons: { '1h': { n: 0, median: null } } }],
    ['/v1/sizing/btcusdt', { fraction: null, reason: 'warming_up' }],
    ['/v1/consensus/btcusdt', { consensus: null, available: 0, reason: 'too_few_venues', fresh: false }],
    [
      '/v1/regime/lead-lag?leader=btcusdt&follower=ethusdt',
      { hit_rate: null, lag: null, matched: 0, reason: 'warming_up' },
    ],
  ])('%s', async (path, expected) => {
    expect(await server.client.ask(path)).toMatchObject(expected)
  })
})

it('a plan counts backtests besides requests, for all keys of an organisation together', async () => {
  const planned = await composeServer({ GATEHOUSE_PLANS: 'on' })
  try {
    const owner = await setUpOwner(planned.client, planned.ownerToken)
    const keys = [
      await createKey(planned.client, owner, 'volatility'),
      await createKey(planned.client, owner, 'volatility'),
    ]
    const body = { symbol: 'btcusdt', rule: 'avoid_high' }
    const answers: Awaited<ReturnType<typeof planned.client.send>>[] = []
    for (const index of [0, 1, 0])
      answers.push(await planned.client.send('/v1/backtest', { body, credential: keys[index] }))
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 429])
    expect(answers[2]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(answers[2]?.text).toContain('2 backtests a minute')
    planned.passMinute()
    expect((await planned.client.send('/v1/backtest', { body, credential: keys[0] })).status).toBe(409)
  } finally {
    await planned.stop()
  }
})
