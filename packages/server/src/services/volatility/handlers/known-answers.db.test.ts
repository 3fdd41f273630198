import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barsUntil, combineColumns, cutBars, laterBars } from '../fixtures/cut-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { type FilledMarkets, startFilledMarkets } from '../testing/filled-markets.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)
const minuteMs = 60_000
const allDays = { lookback_days: '400' }

describe.runIf(isMarketDataThere)('on the recorded files, as they are stored', () => {
  const minutes = readMarketBars('1m')
  const quarters = readMarketBars('15m')
  const lastEndMs = 1_735_513_260_000
  let markets: FilledMarkets

  beforeAll(async () => {
    markets = await startFilledMarkets(lastEndMs)
    await markets.fill('binance', 'btcusdt', '1m', minutes)
    await markets.fill('binance', 'btcusdt', '15m', quarters)
    await markets.fill('binance', 'btcusdt', '1h', readMarketBars('1h'))
    // Everything of the first symbol happens again three minutes later here.
    await markets.fill('binance', 'ethusdt', '1m', laterBars(minutes, 3 * minuteMs))
    await markets.fill('binance', 'solusdt', '1m', barsUntil(minutes, 1_733_041_620_000))
    await markets.fill('binance', 'xrpusdt', '1m', barsUntil(minutes, 1_733_044_800_000))
    await markets.fill('binance', 'adausdt', '1m', barsUntil(minutes, 1_733_607_660_000))
  }, 300_000)
  afterAll(() => markets?.stop())

  const of = (symbol: string, id: string, query: Record<string, string> = {}) =>
    markets.ask(id, { params: { symbol }, query })

  describe('matrix-durations-and-returns-match-known-answers', () => {
    it.each([
      ['1m', '400', [1_931, 21, 0, 21, 34_505, 60, 0, 59, 4_894]],
      ['1m', '7', [784, 11, 0, 11, 8_078, 14, 0, 13, 1_168]],
      ['15m', '400', [280, 5, 0, 5, 31_317, 51, 0, 51, 2_966]],
    ] as const)('the matrix of %s bars over %s days', async (timeframe, days, expected) => {
      const reply = await of('btcusdt', 'getRegimeMatrix', { timeframe, lookback_days: days })
      expect(cellsOf(reply['counts'])).toEqual(expected)
      expect(reply).toMatchObject({
        states: ['low', 'normal', 'high'],
        bars: expected.reduce<number>((sum, count) => sum + count, 0),
        reason: null,
      })
      if (timeframe === '1m' && days === '400')
        expect(reply).toMatchObject({ matrix: { high: { high: close(0.988088027) } }, as_of_ms: lastEndMs })
    })

    it('rows without a bar are null', async () => {
      expect(await of('btcusdt', 'getRegimeMatrix', { timeframe: '15m', lookback_days: '7' })).toMatchObject({
        matrix: {
          low: { low: null, normal: null, high: null },
          normal: { low: 0, normal: close(0.99651, 5), high: close(0.00349, 5) },
          high: { low: 0, normal: close(0.020408, 5), high: close(0.979592, 5) },
        },
        bars: 671,
      })
    })

    it('durations', async () => {
      expect(await of('btcusdt', 'getRegimeDurations', allDays)).toMatchObject({
        durations: {
          low: { n: 21, mean: close(92.952380952), median: 69, p25: 26, p75: 148, max: 241 },
          normal: { n: 80, mean: close(428.6), median: 389, p25: 226.25, p75: 543.25, max: 1_879 },
          high: { n: 59, mean: close(82.949152542), median: 79, p25: 54.5, p75: 107.5, max: 243 },
        },
        seconds_per_bar: 60,
        censored: 2,
        current: { regime: 'high', bars: 60, since_ms: 1_735_509_720_000 },
      })
    })

    it('returns, over one bar and over thirty', async () => {
      expect(await of('btcusdt', 'getConditionalReturns', allDays)).toMatchObject({
        by_regime: {
          low: { n: 1_952 },
          normal: { n: 34_586 },
          high: {
            n: 4_953,
            median: 0,
            p25: close(-0.000561251977),
            p05: close(-0.001657767355),
            stdev: close(0.001095477828),
          },
        },
        baseline: { n: 41_491, stdev: close(0.000762698576) },
        overlapping: false,
      })
      expect(await of('btcusdt', 'getConditionalReturns', { ...allDays, horizon_bars: '30' })).toMatchObject({
        by_regime: {
          low: { median: close(2.07886278e-5, 12) },
          high: { n: 4_924, median: close(0.000254380498), p75: close(0.003028081607) },
        },
        baseline: { n: 41_462, mean: close(-2.10276018e-5, 12) },
        overlapping: true,
      })
    })
  })

  describe('small-samples-hide-their-quantiles', () => {
    it('eleven runs have no quartiles', async () => {
      const { durations } = await of('btcusdt', 'getRegimeDurations', { lookback_days: '7' })
      expect(durations).toMatchObject({
        low: { n: 11, mean: close(72.272727273), median: 69, max: 148 },
        normal: { n: 24, mean: close(300.958333333), median: 297 },
        high: { n: 13, mean: close(86.307692308), median: 86 },
      })
      expect(durations).not.toHaveProperty('low.p25')
      expect(durations).toHaveProperty('normal.p25')
      expect(durations).not.toHaveProperty('normal.p05')
    })

    it('98 returns have no outer twentieths, and none at all no deviation', async () => {
      const reply = await of('btcusdt', 'getConditionalReturns', { timeframe: '15m', lookback_days: '7' })
      expect(reply).toMatchObject({
        by_regime: {
          low: { n: 0, mean: null, median: null },
          normal: {
            n: 573,
            mean: close(-1.727e-5, 7),
            median: close(1.968e-5, 7),
            p05: close(-0.004147, 6),
            p95: close(0.003695, 6),
          },
          high: { n: 98, mean: close(-0.0001527, 7), p25: close(-0.001438, 6), stdev: close(0.002768, 6) },
        },
        baseline: { n: 671, mean: close(-3.705e-5, 7), stdev: close(0.002514, 6) },
      })
      expect(reply).not.toHaveProperty('by_regime.high.p05')
      expect(reply).not.toHaveProperty('by_regime.low.stdev')
    })

    it('seven changes have a median with its interval, and a warning', async () => {
      // The file ends long before the others: its look-back counts from its own last bar.
      const reply = await of('btcusdt', 'getImpact', { timeframe: '1h', to: 'low', lookback_days: '3650' })
      expect(reply).toMatchObject({
        sample_size: 7,
        warning: expect.stringContaining('7'),
        horizons: { '24h': { n: 7 } },
      })
      expect(reply).toHaveProperty('horizons.24h.median_ci95')
      expect(reply).not.toHaveProperty('horizons.24h.p25')
    })
  })

  it('the forecast is conditional-returns under its former name, to the byte, until it is gone', async () => {
    const query = { timeframe: '15m', horizon_bars: '4' }
    expect(await of('btcusdt', 'getRegimeForecast', query)).toEqual(
      await of('btcusdt', 'getConditionalReturns', query),
    )
    expect(await markets.headersOf('getRegimeForecast', { params: { symbol: 'btcusdt' }, query })).toEqual({
      deprecation: '@1776297600',
      sunset: 'Sat, 30 Jan 2027 00:00:00 GMT',
      link: '<https://gatehouse.example/v1/regime/btcusdt/conditional-returns>; rel="successor-version"',
    })
    const now = markets.clock.now()
    markets.clock.set(Date.UTC(2027, 0, 30))
    await expect(of('btcusdt', 'getRegimeForecast', query)).rejects.toMatchObject({
      code: 'endpoint_retired',
      status: 410,
      detail: expect.stringContaining('conditional-returns'),
    })
    markets.clock.set(now)
  })

  describe('what a state is, was, and could become', () => {
    it('one bar of two on the way to high', async () => {
      const reply = await of('solusdt', 'explainRegime')
      expect(reply).toMatchObject({
        regime: 'normal',
        z_vol: close(6.833222015),
        sigma: close(0.035898343),
        next: [
          {
            to: 'high',
            when: '>=',
            level: 3,
            distance: close(-3.833222015),
            bars_needed: 2,
            bars_counted: 1,
          },
          { to: 'low', bars_needed: 2, bars_counted: 0 },
        ],
        thresholds: { high_enter: 3, exit_k: 8 },
      })
      expect(reply['text']).toContain('normal')
    })

    it('seven bars of eight on the way back', async () => {
      expect(await of('xrpusdt', 'explainRegime')).toMatchObject({
        regime: 'high',
        z_vol: close(0.317079573),
        next: [{ to: 'normal', when: '<=', level: 0.5, bars_needed: 8, bars_counted: 7 }],
      })
    })

    it.each([
      [1_733_023_799_999, { regime: null, since_ms: null, reason: 'warming_up' }],
      [1_733_007_659_999, { regime: null, bar_end_ms: null, reason: 'before_history' }],
      [1_733_023_800_000, { regime: 'normal', since_ms: 1_733_023_800_000, reason: null }],
      [1_733_041_679_999, { regime: 'normal', bar_end_ms: 1_733_041_620_000, since_ms: 1_733_023_800_000 }],
      [1_733_041_680_000, { regime: 'high', since_ms: 1_733_041_680_000 }],
      [1_733_111_459_999, { regime: 'low', since_ms: 1_733_108_040_000 }],
    ])('the state at %d', async (ts, expected) => {
      expect(await of('btcusdt', 'getStateAt', { ts_ms: String(ts) })).toMatchObject(expected)
    })

    it('sizes by what is measured now', async () => {
      expect(await of('btcusdt', 'getSizing')).toMatchObject({
        target_vol: 0.2,
        realized_vol: close(0.573255, 6),
        regime: 'high',
        raw_fraction: close(0.348885, 6),
        damper: 0.5,
        fraction: close(0.174442, 6),
        capped: false,
        reason: null,
      })
      expect(await of('adausdt', 'getSizing', { target_vol: '0.5' })).toMatchObject({
        regime: 'normal',
        raw_fraction: close(1.530679779),
        fraction: 1,
        capped: true,
      })
      expect(await of('btcusdt', 'getSizing', { regime_damper: 'false' })).toMatchObject({ damper: 1 })
      expect(await of('ltcusdt', 'getSizing')).toMatchObject({ fraction: null, reason: 'warming_up' })
    })
  })

  it('stories of seven days, newest first', async () => {
    const reply = await of('btcusdt', 'listStories', { timeframe: '1m', days: '7' })
    expect(reply).toMatchObject({ days: 7, count: 49 })
    expect(reply['stories']).toHaveLength(49)
    expect(reply['events']).toHaveLength(49)
    expect(reply['stories']).toMatchObject({
      0: '2024-12-29 22:02 UTC: BTCUSDT 1m turned high from normal at 93488; realised volatility 48.5 % a year, baseline 34.4 %, z 3.03.',
    })
  })

  it('what followed a change to high, over an hour, four and 24', async () => {
    expect(
      await of('btcusdt', 'getImpact', { timeframe: '1h', to_regime: 'high', lookback_days: '3650' }),
    ).toMatchObject({
      sample_size: 90,
      warning: null,
      horizons: {
        '1h': {
          n: 90,
          median: close(-0.0005827885355),
          p25: close(-0.005787561004),
          p75: close(0.007967413007),
          median_ci95: [close(-0.002339879317), close(0.001939518377)],
        },
        '4h': { median: close(0.001807545819) },
        '24h': {
          median: close(-0.0002422207956),
          p25: close(-0.01208315457),
          p75: close(0.02032139041),
          base: { n: 58_007, median: close(0.001000888121) },
        },
      },
    })
    expect(
      await of('btcusdt', 'getImpact', { timeframe: '1h', to: 'normal', lookback_days: '3650' }),
    ).toMatchObject({ sample_size: 97, horizons: { '1h': { n: 96 }, '24h': { n: 96 } } })
  })

  describe('planted-lead-is-found-and-noise-is-not', () => {
    it('a symbol that does everything three minutes later follows by three bars', async () => {
      const query = { leader: 'btcusdt', follower: 'ethusdt', lookback_days: '60' }
      expect(await markets.ask('getPairLeadLag', { query })).toMatchObject({
        leader_events: 60,
        matched: 60,
        hit_rate: 1,
        lag: { p25: 3, median: 3, p75: 3 },
        max_lag_bars: 60,
        mean_lag_bars: 3,
        p_link: 0.001,
        significant: { link: true, lead: true },
        reason: null,
      })
      const { pairs } = await markets.ask('getLeadLag', { query: { ...query, max_lag: '30', to: 'high' } })
      expect(pairs).toMatchObject([
        { follower: 'ethusdt', matched: 60, n_positive: 60, n_zero: 0, n_negative: 0, median_lag_bars: 3 },
      ])
    })

    it('all others are measured too, and say why nothing is said of them', async () => {
      const { pairs } = await markets.ask('getLeadLag', { query: { leader: 'btcusdt', lookback_days: '60' } })
      expect(pairs).toHaveLength(19)
      expect(pairs).toContainEqual(
        expect.objectContaining({ follower: 'ltcusdt', matched: 0, p_link: null, reason: 'warming_up' }),
      )
    })
  })

  it('timeframes from a day down to a quarter of an hour', async () => {
    const asOf = 1_735_514_100_000
    for (const timeframe of ['1h', '4h', '1d'] as const)
      await markets.fill('binance', 'dotusdt', timeframe, combineColumns(quarters, timeframe, asOf))
    await markets.fill('binance', 'dotusdt', '15m', quarters)
    const last = quarters.openMs.length - 1
    const minute = {
      ...cutBars(quarters, 1),
      openMs: Float64Array.of((quarters.openMs[last] ?? 0) + 14 * minuteMs),
    }
    await markets.fill('binance', 'dotusdt', '1m', minute)
    const now = markets.clock.now()
    markets.clock.set(asOf)
    expect(await of('dotusdt', 'getTopDown', { match: 'any' })).toMatchObject({
      match: 'any',
      from_tf: '1d',
      to_tf: '15m',
      consensus: null,
      alignment_score: 0.75,
      aligned_tfs: ['1d', '4h', '15m'],
      target: 'normal',
      matched: false,
      available: 4,
      readings: { '1h': { regime: 'low', status: 'ok' } },
    })
    expect(await of('dotusdt', 'getTopDown', { from_tf: '1h', to_tf: '1h', match: 'low' })).toMatchObject({
      alignment_score: 1,
      matched: true,
      consensus: null,
    })
    markets.clock.set(asOf + 150_001)
    expect(await of('dotusdt', 'getTopDown')).toMatchObject({
      alignment_score: null,
      available: 0,
      readings: { '1d': { regime: 'normal', status: 'stale' } },
    })
    markets.clock.set(now)
    await expect(of('dotusdt', 'getTopDown', { from_tf: '1m', to_tf: '1h' })).rejects.toMatchObject({
      fields: [{ field: 'from_tf' }],
    })
  })
})

function cellsOf(counts: unknown): readonly unknown[] {
  if (typeof counts !== 'object' || counts === null) return []
  return Object.values(counts).flatMap((row: unknown) =>
    typeof row === 'object' && row !== null ? Object.values(row) : [],
  )
}
