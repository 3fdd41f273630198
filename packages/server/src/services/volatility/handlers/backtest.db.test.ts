import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createComputePool } from '../compute/compute-pool.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { type FilledMarkets, startFilledMarkets } from '../testing/filled-markets.ts'
import { withPreset } from '../usecases/choose-preset.ts'
import { runBacktest } from '../usecases/run-backtest.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe.runIf(isMarketDataThere)('backtests-trade-at-the-next-open', () => {
  let markets: FilledMarkets

  beforeAll(async () => {
    markets = await startFilledMarkets(1_735_513_260_000)
    for (const timeframe of ['1m', '15m', '1h'] as const)
      await markets.fill('binance', 'btcusdt', timeframe, readMarketBars(timeframe))
  }, 300_000)
  afterAll(() => markets?.stop())
  it.each([
    ['15m', 'long_low_exit_normal', 5, 0.00709331632, 0.0272418852, false, 0.8, 0.123311225],
    ['15m', 'short_high_exit_normal', 51, -0.31429107, 0.337868263, false, 0.411764706, -0.295027919],
    ['15m', 'avoid_high', 52, 0.535584014, 0.258430982, true, 0.5, 0.157949187],
    ['1h', 'long_low_exit_normal', 7, -0.07235703, 0.158782573, false, 0.285714286, -0.157606507],
    ['1h', 'short_high_exit_normal', 90, -0.656726688, 0.723688398, false, 0.366666667, -0.113469388],
    ['1h', 'avoid_high', 91, 8.07016969, 0.864062075, true, 0.571428571, 0.217625629],
    ['1m', 'long_low_exit_normal', 21, -0.0749241755, 0.0759575538, false, 0.0952380952, -0.991304554],
    ['1m', 'short_high_exit_normal', 60, -0.175324309, 0.189691512, true, 0.3, -0.318010816],
    ['1m', 'avoid_high', 60, -0.1946824, 0.21066239, false, 0.4, -0.224205923],
  ] as const)(
    '%s %s: %d trades, in all %d',
    async (timeframe, rule, count, total, drawdown, isClosedAtEnd, wins, sharpe) => {
      const reply = await markets.ask('runBacktest', { body: { symbol: 'BTCUSDT', timeframe, rule } })
      expect(reply).toMatchObject({
        symbol: 'btcusdt',
        replayed_bars: { '1m': 41_492, '15m': 34_676, '1h': 58_150 }[timeframe],
        stats: {
          n_trades: count,
          total_return: close(total, 8),
          max_drawdown: close(drawdown),
          win_rate: close(wins),
          sharpe_per_trade: close(sharpe),
        },
        closed_at_end: isClosedAtEnd,
        buy_and_hold_return: close(
          { '1m': -0.0293681405, '15m': 1.17678839, '1h': 14.3050708 }[timeframe],
          7,
        ),
        sample_note: count < 30 ? expect.stringContaining('too few to conclude') : null,
      })
      expect(reply['trades']).toHaveLength(count)
    },
  )

  it('without costs; and within a range that ends before the bar that it names', async () => {
    const body = { symbol: 'btcusdt', timeframe: '15m' }
    expect(
      await markets.ask('runBacktest', {
        body: { ...body, rule: 'avoid_high', fee_bps: 0, slippage_bps: 0, include_equity: true },
      }),
    ).toMatchObject({ stats: { total_return: close(0.739787203) }, equity: { length: 500 } })
    expect(
      await markets.ask('runSymbolBacktest', {
        params: { symbol: 'btcusdt' },
        body: {
          timeframe: '15m',
          rule: 'long_low_exit_normal',
          from_ms: Date.UTC(2024, 1, 1),
          to_ms: Date.UTC(2024, 5, 1),
        },
      }),
    ).toMatchObject({
      replayed_bars: 11_616,
      stats: { n_trades: 2, total_return: close(0.0104828, 7), max_drawdown: close(0.0205618, 7) },
      trades: [
        {
          entry_ts_ms: 1_708_765_200_000,
          exit_ts_ms: 1_708_884_900_000,
          entry_close: 50_994.92,
          exit_close: 51_521.82,
          side: 'long',
          return: close(0.0079097, 7),
        },
        { entry_ts_ms: 1_715_238_900_000, exit_ts_ms: 1_715_267_700_000 },
      ],
    })
  })

  it.each([
    ['thresholds out of order', { thresholds: { high_enter: -9 } }, 'thresholds.low_exit'],
    ['no bar in a row', { thresholds: { enter_k: 0 } }, 'thresholds.enter_k'],
    ['half a bar in a row', { thresholds: { exit_k: 1.5 } }, 'thresholds.exit_k'],
    ['a range that ends before it begins', { from_ms: 2e12, to_ms: 1e12 }, 'from_ms'],
  ])('%s are refused by the field', async (_what, wrong, field) => {
    const body = { symbol: 'btcusdt', rule: 'avoid_high', ...wrong }
    await expect(markets.ask('runBacktest', { body })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      fields: [{ field }],
    })
  })

  it('a series that is cold, or a range before its first state, is a conflict', async () => {
    for (const body of [
      { symbol: 'ltcusdt', rule: 'avoid_high' },
      { symbol: 'btcusdt', rule: 'avoid_high', to_ms: 1_733_023_800_000 },
    ])
      await expect(markets.ask('runBacktest', { body })).rejects.toMatchObject({
        code: 'series_warming_up',
        status: 409,
      })
  })
})

it('a-range-that-takes-too-long-says-what-fits', async () => {
  const markets = await startFilledMarkets(Date.UTC(2024, 0, 15))
  const compute = createComputePool(1, 1)
  try {
    await markets.fill('binance', 'btcusdt', '1m', drawBars('1m', 20_000, 5))
    const body = await withPreset(markets.deps, { kind: 'visitor', ip: '192.0.2.1' }, {
      symbol: 'btcusdt',
      timeframe: '1m',
      rule: 'avoid_high',
      preset: 'balanced',
      method: 'published',
      thresholds: undefined,
      from_ms: undefined,
      to_ms: undefined,
      fee_bps: 10,
      slippage_bps: 2,
      include_equity: false,
    } as const)
    expect(await runBacktest(markets.deps, body)).toMatchObject({
      replayed_bars: expect.any(Number) as number,
    })
    await expect(runBacktest({ ...markets.deps, compute }, body)).rejects.toMatchObject({
      code: 'range_too_large',
      status: 422,
      fields: [
        {
          field: expect.any(String) as string,
          message: expect.stringMatching(/seconds of computing: /) as string,
        },
      ],
    })
  } finally {
    await compute.stop()
    await markets.stop()
  }
})
