import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketsOn, minute, type TestMarkets } from '../src/services/volatility/testing/test-markets.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const minuteMs = 60_000
let server: ComposedServer
let markets: TestMarkets<ComposedServer>
/** The open time of the first of 302 minutes, whose last ended just now. */
let first: number

const at = (index: number): number => first + index * minuteMs

beforeAll(async () => {
  server = await composeServer()
  first = Math.floor(Date.now() / minuteMs) * minuteMs - 302 * minuteMs
  markets = await marketsOn(server, ['btcusdt', 'ethusdt'], Date.now())
  await markets.take(
    'btcusdt',
    Array.from({ length: 302 }, (_, index) => minute(at(index), index < 300 ? 100 : 101)),
  )
  await markets.take('ethusdt', [minute(at(0), 50)])
})
afterAll(() => server.stop())

/** What another node committed is known here within a moment. */
const regime = (path: string) => server.client.send(`/v1/regime/${path}`)

describe('the regime of a symbol', () => {
  it('says what is measured, since when, and what is not known', async () => {
    await expect
      .poll(async () => JSON.parse((await regime('btcusdt')).text))
      .toMatchObject({ regime: 'high' })
    const { text } = await regime('BTCUSDT?preset=balanced')
    expect(JSON.parse(text)).toEqual({
      symbol: 'btcusdt',
      timeframe: '1m',
      regime: 'high',
      z_vol: expect.closeTo(10.885961908, 8),
      realized_vol: expect.any(Number),
      baseline_vol: expect.any(Number),
      close: 101,
      last_update_ms: at(302),
      seconds_in_state: 0,
      last_transition: {
        ts_ms: at(302),
        from: 'normal',
        to: 'high',
        from_regime: 'normal',
        to_regime: 'high',
        z_vol: expect.closeTo(10.885961908, 8),
        realized_vol: expect.any(Number),
        baseline_vol: expect.any(Number),
        close: 101,
        seq: 2,
        preset_version: 1,
        reason: 'threshold',
        late: false,
      },
      warmup: false,
      parkinson_vol: 0,
      garman_klass_vol: 0,
      rogers_satchell_vol: 0,
      yang_zhang_vol: expect.any(Number),
      ewma_vol: expect.any(Number),
      computed_at_ms: expect.any(Number),
      confidence: null,
      probabilities: null,
      confidence_sample: null,
      confidence_table_ms: null,
      confidence_reason: 'no_table',
      status: 'ok',
      stale: false,
      bars_until_ready: 0,
      venue: 'binance',
      feed: 'live',
      preset: 'balanced',
      preset_version: 1,
      method: 'published',
      calibration: { fitted: false, data_from_ms: null, data_to_ms: null },
    })
  })

  it('is the same bytes until the next bar, and 304 to whoever has them', async () => {
    const [one, two] = [await regime('btcusdt'), await regime('btcusdt')]
    expect(two.text).toBe(one.text)
    const etag = one.headers.get('etag') ?? ''
    const again = await server.client.send('/v1/regime/btcusdt', { headers: { 'if-none-match': etag } })
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' })
    markets.clock.set(at(303) + 100)
    await markets.take('btcusdt', [minute(at(302), 101)])
    await expect
      .poll(async () => JSON.parse((await regime('btcusdt')).text))
      .toMatchObject({ last_update_ms: at(303), seconds_in_state: 60 })
    expect((await regime('btcusdt')).headers.get('etag')).not.toBe(etag)
  })

  it('is null while a series warms up, and where nothing came at all', async () => {
    expect(JSON.parse((await regime('ethusdt')).text)).toMatchObject({
      regime: null,
      z_vol: null,
      warmup: true,
      status: 'stale',
      stale: true,
      bars_until_ready: 269,
      last_transition: null,
    })
    expect(JSON.parse((await regime('solusdt')).text)).toMatchObject({
      regime: null,
      warmup: true,
      status: 'warming_up',
      bars_until_ready: 270,
      last_update_ms: null,
      close: null,
    })
  })

  it('comes for all symbols at once', async () => {
    const all = await server.client.ask<{ regimes: { symbol: string }[] }>('/v1/regimes')
    expect(all.regimes).toHaveLength(20)
    const some = await server.client.ask<object>('/v1/regimes?symbols=ethusdt,BTCUSDT&timeframe=5m')
    expect(some).toMatchObject({
      regimes: [
        { symbol: 'ethusdt', timeframe: '5m' },
        { symbol: 'btcusdt', timeframe: '5m' },
      ],
    })
  })

  it('has a history, which pages from a moment on', async () => {
    const history = (query: string) =>
      server.client.ask<{ transitions: { ts_ms: number }[]; next_cursor: string | null }>(
        `/v1/regime/btcusdt/history?${query}`,
      )
    expect(await history('limit=100')).toMatchObject({
      symbol: 'btcusdt',
      timeframe: '1m',
      source: 'archive',
      count: 1,
      transitions: [{ ts_ms: at(302), from: 'normal', to: 'high' }],
      next_cursor: null,
    })
    expect(await history(`from_ms=${at(302)}`)).toMatchObject({ count: 1 })
    expect(await history(`from_ms=${at(302) + 1}`)).toMatchObject({ count: 0 })
    expect(await history(`to_ms=${at(302)}`)).toMatchObject({ count: 0 })
    markets.clock.set(at(340))
    await markets.take(
      'btcusdt',
      Array.from({ length: 36 }, (_, index) => minute(at(303 + index), 101)),
    )
    const firstPage = await history(`from_ms=${at(0)}&limit=1&preset=aggressive`)
    expect(firstPage).toMatchObject({
      count: 1,
      transitions: [{ to: 'high' }],
      next_cursor: expect.any(String),
    })
    const nextPage = await history(
      `from_ms=${at(0)}&limit=1&preset=aggressive&cursor=${firstPage.next_cursor}`,
    )
    expect(nextPage).toMatchObject({ count: 1, transitions: [{ to: 'normal' }], next_cursor: null })
  })

  it('is read bar by bar as columns, as it was known after each', async () => {
    const series = (query: string) =>
      server.client.ask<Record<string, unknown[]>>(`/v1/regime/btcusdt/series?${query}`)
    const newest = await series(`limit=2&to_ms=${at(302) + 1}`)
    expect(newest).toMatchObject({
      symbol: 'btcusdt',
      venue: 'binance',
      count: 2,
      ts_ms: [at(301), at(302)],
      close: [101, 101],
      z_vol: [expect.closeTo(239 / Math.sqrt(240), 8), expect.closeTo(10.885961908, 8)],
      regime: ['normal', 'high'],
      confidence: [null, null],
    })
    const oldest = await series(`from_ms=${at(1)}&limit=1000&to_ms=${at(272)}`)
    expect(oldest).toMatchObject({ count: 271 })
    expect(oldest['ts_ms']?.at(0)).toBe(at(1))
    expect(oldest['z_vol']?.at(-1)).toBeNull()
    expect(oldest['realized_vol']?.slice(0, 31)).toEqual([...Array.from({ length: 30 }, () => null), 0])
    expect(await series(`from_ms=${at(302)}&to_ms=${at(302)}`)).toMatchObject({ count: 0, ts_ms: [] })
  })

  it.each([
    ['nonsense', 404, 'symbol_not_found', /nearest are/],
    ['btcusdx', 404, 'symbol_not_found', /btcusdt/],
    ['btcusdt?preset=nobodys', 404, 'preset_not_found', /nobodys/],
    ['btcusdt?method=har-gk', 422, 'method_not_calibrated', /har-gk/],
    ['btcusdt/volatility-range', 422, 'method_not_calibrated', /har-gk/],
    ['btcusdx/volatility-range', 404, 'symbol_not_found', /btcusdt/],
    ['btcusdt/quality?method=rv-level', 422, 'method_not_calibrated', /rv-level/],
    ['btcusdt/quality?timeframe=3m', 422, 'validation_failed', /timeframe: must be one of 1m, 5m/],
    ['btcusdt?timeframe=3m', 422, 'validation_failed', /timeframe: must be one of 1m, 5m/],
    ['btcusdt?venue=nyse', 422, 'validation_failed', /venue: must be one of binance/],
    ['btcusdt/history?from_ms=1733041680', 422, 'validation_failed', /from_ms: .*milliseconds expected/],
    ['btcusdt/history?from_ms=-5', 422, 'validation_failed', /from_ms/],
    ['btcusdt/history?from_ms=1733041680000.5', 422, 'validation_failed', /from_ms/],
    ['btcusdt/history?from_ms=1733041680001&to_ms=1733041680000', 422, 'validation_failed', /from_ms/],
    ['btcusdt/series?limit=1001', 422, 'validation_failed', /limit: .*between 1 and 1000/],
    ['btcusdt/history?limit=10001', 422, 'validation_failed', /limit: .*between 1 and 10000/],
    ['btcusdt/history?cursor=x', 422, 'validation_failed', /cursor/],
  ])('%s is refused with %i %s', async (path, status, code, detail) => {
    const answer = await regime(path)
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toMatchObject({
      status,
      body: { code, status, detail: expect.stringMatching(detail) },
    })
  })
})
