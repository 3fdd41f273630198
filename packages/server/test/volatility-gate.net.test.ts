import { parseKey } from '@gatehouse/kernel/keys'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { volatilityPolicy } from '../src/services/volatility/policy.ts'
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
afterAll(() => server.stop())

describe('the gate of the volatility service', () => {
  it('the key of the specification is well formed, and no other check', () => {
    const shapes = { volatility: volatilityPolicy.keyShape }
    const known = 'ak_0123456789ABCDEFGHIJKLMNOPQRSTUV1Wf1r1'
    expect(parseKey(shapes, known)).toEqual({ service: 'volatility', prefix: 'ak_', visible: 'ak_01234567' })
    expect(parseKey(shapes, known.replace(/1$/, '2'))).toBeUndefined()
    expect(key).toMatch(/^ak_[0-9A-Za-z]{38}$/)
  })

  it('anonymous-calls-stop-at-sixty: per address, and a key counts for its organisation', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const statuses: number[] = []
    for (let call = 0; call < 61; call += 1)
      statuses.push((await server.client.send('/v1/timeframes', { headers })).status)
    expect(statuses).toEqual([...Array.from({ length: 60 }, () => 200), 429])
    const refused = await server.client.send('/v1/symbols', { headers })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'rate_limited', status: 429 })
    expect((await server.client.send('/v1/symbols', { headers, credential: key })).status).toBe(200)
    expect((await server.client.send('/v1/symbols')).status).toBe(200)
  })

  it('a credential that does not hold is refused where none is needed, like everywhere', async () => {
    for (const call of [
      { credential: 'ak_0123456789ABCDEFGHIJKLMNOPQRSTUV1Wf1r1' },
      { credential: key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) },
      { headers: { 'x-api-key': 'nothing' } },
      { credential: key, headers: { 'x-api-key': `${key}x` } },
      { headers: { authorization: 'Basic YW5uOnBhc3N3b3Jk' } },
    ]) {
      const { status, text } = await server.client.send('/v1/presets', call)
      expect({ status, body: JSON.parse(text) }).toMatchObject({
        status: 401,
        body: { code: 'unauthorized', title: 'The credential is missing or not valid' },
      })
    }
    for (const call of [
      { credential: key },
      { headers: { 'x-api-key': key } },
      { credential: key, headers: { 'x-api-key': key } },
      { credential: ann.accessToken },
      {},
    ])
      expect((await server.client.send('/v1/presets', call)).status).toBe(200)
  })

  it('a key in a URL is refused on every path, before anything else', async () => {
    for (const name of ['api_key', 'key', 'token'])
      for (const credential of [undefined, key]) {
        const { status, text } = await server.client.send(`/v1/timeframes?${name}=${key}`, { credential })
        expect({ status, body: JSON.parse(text) }).toMatchObject({
          status: 422,
          body: { code: 'key_in_url', errors: [{ field: name }] },
        })
        expect(text).not.toContain(key)
      }
  })

  it('names of the query that mean nothing are passed over, and listed', async () => {
    const { status, headers } = await server.client.send('/v1/symbols?exchange=x&limit=3&a%0Ab=1')
    expect(status).toBe(200)
    expect(headers.get('x-gatehouse-ignored')).toBe('exchange, limit, a%0Ab')
    expect((await server.client.send('/v1/symbols')).headers.get('x-gatehouse-ignored')).toBeNull()
  })

  it('what there is can be asked for by everybody', async () => {
    const ask = (path: string) => server.client.ask<Record<string, unknown>>(path)
    expect(await ask('/v1/symbols')).toMatchObject({
      symbols: expect.arrayContaining(['btcusdt', 'ltcusdt']),
      details: expect.arrayContaining([
        expect.objectContaining({
          symbol: 'btcusdt',
          kind: 'spot',
          venues: {
            binance: { product: 'BTCUSDT', status: 'unverified' },
            coinbase: { product: 'BTC-USD', status: 'unverified' },
            bybit: { product: 'BTCUSDT', status: 'unverified' },
          },
        }),
      ]),
    })
    expect(await ask('/v1/timeframes')).toEqual({
      timeframes: ['1m', '5m', '15m', '1h', '4h', '1d'],
      default: '1m',
      bars_per_year: { '1m': 525_600, '5m': 105_120, '15m': 35_040, '1h': 8_760, '4h': 2_190, '1d': 365 },
    })
    expect(await ask('/v1/presets')).toMatchObject({
      default: 'balanced',
      presets: [{ name: 'conservative' }, { name: 'balanced', high_enter: 3 }, { name: 'aggressive' }],
    })
    expect(await ask('/v1/presets/balanced')).toMatchObject({ name: 'balanced', version: 1, enter_k: 2 })
    expect(await ask('/v1/status')).toMatchObject({ database: 'ok', venues: { binance: { status: 'off' } } })
    const unknown = await server.client.send('/v1/presets/nobody')
    expect({ status: unknown.status, body: JSON.parse(unknown.text) }).toMatchObject({
      status: 404,
      body: { code: 'preset_not_found', instance: expect.stringMatching(/^req_/) },
    })
    expect(unknown.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  })
})
