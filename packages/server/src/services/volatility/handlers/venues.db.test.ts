import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barsUntil } from '../fixtures/cut-bars.ts'
import { isMarketDataThere, readVenueBars } from '../fixtures/market-data.ts'
import { type FilledMarkets, startFilledMarkets } from '../testing/filled-markets.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)
const minuteMs = 60_000

describe.runIf(isMarketDataThere)('correlation-leaves-out-holes-and-flat-series', () => {
  const dayMs = Date.UTC(2018, 3, 5)
  const named = { btcusdt: 'btcusd', ethusdt: 'ethusd', ltcusdt: 'ltcusd' } as const
  let markets: FilledMarkets

  beforeAll(async () => {
    markets = await startFilledMarkets(dayMs)
  })
  afterAll(() => markets?.stop())

  /** Fills all three, and a symbol that stands still, up to a time of that day. */
  async function fillUntil(endMs: number): Promise<void> {
    for (const [symbol, recorded] of Object.entries(named)) {
      const bars = readVenueBars('coinbase', 'spot', recorded)
      const first = bars.openMs.findIndex((openMs) => openMs >= dayMs)
      const ofDay = barsUntil(bars, endMs)
      await markets.fill('binance', symbol, '1m', {
        openMs: ofDay.openMs.subarray(first),
        opens: ofDay.opens.subarray(first),
        highs: ofDay.highs.subarray(first),
        lows: ofDay.lows.subarray(first),
        closes: ofDay.closes.subarray(first),
        volumes: ofDay.volumes.subarray(first),
      })
    }
    const still = Float64Array.from({ length: (endMs - dayMs) / minuteMs }, (_, at) => dayMs + at * minuteMs)
    const price = still.map(() => 7)
    await markets.fill('binance', 'xrpusdt', '1m', {
      openMs: still,
      opens: price,
      highs: price,
      lows: price,
      closes: price,
      volumes: price,
    })
    markets.clock.set(endMs)
  }

  it('a symbol with a missing minute in the window is left out until the window has passed it', async () => {
    await expect(markets.ask('getMarketCorrelation', {})).rejects.toMatchObject({
      code: 'series_warming_up',
    })
    await fillUntil(dayMs + (8 * 60 + 43) * minuteMs)
    const reply = await markets.ask('getSymbolCorrelation', { params: { symbol: 'ethusdt' } })
    expect(reply).toMatchObject({
      correlation_with_peers: { btcusdt: close(0.720979645) },
      as_of_ms: dayMs + (8 * 60 + 43) * minuteMs,
    })
    expect(reply['excluded']).toContainEqual({ symbol: 'ltcusdt', reason: 'hole' })
    expect(reply['excluded']).toContainEqual({ symbol: 'xrpusdt', reason: 'flat' })
    expect(reply['excluded']).toContainEqual({ symbol: 'bnbusdt', reason: 'no_bars' })
    await expect(
      markets.ask('getSymbolCorrelation', { params: { symbol: 'ltcusdt' } }),
    ).rejects.toMatchObject({ code: 'series_warming_up', detail: 'ltcusdt is left out: hole' })

    await fillUntil(dayMs + 12 * 3_600_000)
    expect(await markets.ask('getMarketCorrelation', {})).toMatchObject({
      window_bars: 60,
      symbols: ['btcusdt', 'ethusdt', 'ltcusdt'],
      mean_correlation: close(0.594905456),
      stdev_correlation: close(0.08686712),
      regime: 'mixed',
      pairs: 3,
    })
    expect(await markets.ask('getSymbolCorrelation', { params: { symbol: 'ethusdt' } })).toMatchObject({
      reference: 'btcusdt',
      beta_to_reference: close(0.83015063),
      correlation_with_peers: { btcusdt: close(0.616810944), ltcusdt: close(0.499182383) },
    })
    expect(await markets.ask('getSymbolCorrelation', { params: { symbol: 'ltcusdt' } })).toMatchObject({
      beta_to_reference: close(1.134204688),
      correlation_with_peers: { btcusdt: close(0.668723042) },
      ci95: { btcusdt: [expect.any(Number), expect.any(Number)] },
    })

    await fillUntil(dayMs + 24 * 3_600_000)
    expect(await markets.ask('getMarketCorrelation', { query: { window: '240' } })).toMatchObject({
      mean_correlation: close(0.520789975),
      stdev_correlation: close(0.052460505),
    })
    markets.clock.set(dayMs + 24 * 3_600_000 + 150_001)
    await expect(markets.ask('getMarketCorrelation', {})).rejects.toMatchObject({
      detail: expect.stringContaining('btcusdt (stale)'),
    })
  })
})

describe.runIf(isMarketDataThere)('consensus-follows-the-table', () => {
  const dayMs = Date.UTC(2022, 11, 13)
  const at = (hour: number, minute: number): number => dayMs + (60 * hour + minute) * minuteMs
  let markets: FilledMarkets

  beforeAll(async () => {
    markets = await startFilledMarkets(dayMs)
  })
  afterAll(() => markets?.stop())

  async function fillUntil(endMs: number): Promise<void> {
    for (const [venue, recorded, market, symbol] of [
      ['binance', 'binance', 'spot', 'btcbusd'],
      ['bybit', 'bybit', 'spot', 'btcusdt'],
      ['coinbase', 'binance', 'future', 'btcusd'],
    ] as const) {
      const bars = barsUntil(readVenueBars(recorded, market, symbol), endMs)
      const first = bars.openMs.findIndex((openMs) => openMs >= dayMs)
      await markets.fill(venue, 'btcusdt', '1m', {
        openMs: bars.openMs.subarray(first),
        opens: bars.opens.subarray(first),
        highs: bars.highs.subarray(first),
        lows: bars.lows.subarray(first),
        closes: bars.closes.subarray(first),
        volumes: bars.volumes.subarray(first),
      })
    }
    markets.clock.set(endMs)
  }

  it('over a day on which three venues change at their own times', async () => {
    const seen: unknown[] = []
    for (const [hour, minute] of [
      [4, 29],
      [4, 30],
      [4, 46],
      [5, 18],
      [6, 5],
      [6, 46],
      [8, 3],
      [8, 5],
      [10, 0],
    ] as const) {
      await fillUntil(at(hour, minute))
      const { consensus, agreed, available, reason, fresh } = await markets.ask('getConsensus', {
        params: { symbol: 'btcusdt' },
      })
      seen.push([consensus, agreed, available, reason, fresh])
    }
    expect(seen).toEqual([
      [null, 0, 0, 'too_few_venues', false],
      // The third venue lacks the minute of 04:29, and is ready two minutes later.
      ['normal', 2, 2, 'unanimous', true],
      ['normal', 2, 3, 'majority', true],
      ['low', 2, 3, 'majority', true],
      ['normal', 3, 3, 'unanimous', true],
      ['normal', 2, 3, 'majority', true],
      ['high', 2, 3, 'majority', true],
      ['normal', 2, 3, 'majority', true],
      ['high', 3, 3, 'unanimous', true],
    ])
    const reply = await markets.ask('getConsensus', { params: { symbol: 'btcusdt' } })
    expect(reply).toMatchObject({
      refreshed_at_ms: expect.any(Number),
      venues: { coinbase: { available: true, error: null, product: 'BTC-USD' } },
    })
    const all = await markets.ask('getConsensusTimeframes', { params: { symbol: 'btcusdt' } })
    expect(all).toMatchObject({
      timeframes: {
        '1m': { consensus: 'high', available: 3 },
        '5m': { consensus: null, available: 0, venues: { bybit: { error: 'warming_up', regime: null } } },
      },
    })
    markets.clock.set(at(10, 0) + 150_001)
    expect(await markets.ask('getConsensus', { params: { symbol: 'btcusdt' } })).toMatchObject({
      consensus: null,
      available: 0,
      fresh: false,
      venues: { binance: { error: 'stale', regime: 'high' } },
    })
  })
})
