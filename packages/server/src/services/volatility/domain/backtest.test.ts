import { describe, expect, it } from 'vitest'
import { readClassified } from '../fixtures/classified-bars.ts'
import { isMarketDataThere, type MarketTimeframe } from '../fixtures/market-data.ts'
import { type BacktestRule, backtestRules, runBacktest } from './backtest.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe.runIf(isMarketDataThere)('backtests-trade-at-the-next-open', () => {
  const costs = { fee: 0.001, slippage: 0.0002 }

  function run(timeframe: MarketTimeframe, rule: BacktestRule, paid = costs) {
    const { bars, regimes } = readClassified(timeframe)
    return runBacktest(
      { opens: bars.opens, closes: bars.closes, regimes, isClassified: () => true },
      rule,
      paid,
    )
  }

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
    (timeframe, rule, count, total, drawdown, isClosedAtEnd, wins, sharpe) => {
      const made = run(timeframe, rule)
      const returns = made.trades.map((trade) => trade.return)
      const mean = returns.reduce((sum, one) => sum + one, 0) / count
      const deviation = Math.sqrt(returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1))
      expect(returns).toHaveLength(count)
      expect([made.totalReturn, made.maxDrawdown]).toEqual([close(total, 8), close(drawdown)])
      expect(made.isClosedAtEnd).toBe(isClosedAtEnd)
      expect([returns.filter((one) => one > 0).length / count, mean / deviation]).toEqual([
        close(wins),
        close(sharpe),
      ])
      expect(returns.reduce((product, one) => product * (1 + one), 1) - 1).toEqual(close(made.totalReturn, 8))
    },
  )

  it('without costs', () => {
    expect(run('15m', 'avoid_high', { fee: 0, slippage: 0 }).totalReturn).toEqual(close(0.739787203))
  })

  it('the close of the bar that decides does not matter, and the open after it does', () => {
    const { bars, regimes } = readClassified('15m')
    const made = run('15m', 'long_low_exit_normal')
    const [first] = made.trades
    const bar = (first?.entryBar ?? 0) + 1
    expect(first?.entryPrice).toBeCloseTo((bars.opens[bar] ?? 0) * 1.0002, 9)
    const opens = bars.opens.slice()
    opens[bar] = (opens[bar] ?? 0) * 1.01
    const other = runBacktest(
      { opens, closes: bars.closes, regimes, isClassified: () => true },
      'long_low_exit_normal',
      costs,
    )
    expect(other.trades[0]?.return).toBeLessThan(first?.return ?? 0)
  })
})

describe('a position ends as it must', () => {
  const flat = {
    opens: Float64Array.of(100, 100, 300, 300),
    closes: Float64Array.of(100, 100, 300, 300),
    isClassified: () => true,
  }

  it('a short that lost everything ends the run there, at nothing', () => {
    const made = runBacktest({ ...flat, regimes: Uint8Array.of(1, 2, 2, 1) }, 'short_high_exit_normal', {
      fee: 0,
      slippage: 0,
    })
    const later = runBacktest(
      {
        opens: Float64Array.of(100, 100, 100, 300, 1),
        closes: Float64Array.of(100, 100, 300, 300, 1),
        regimes: Uint8Array.of(1, 2, 1, 2, 1),
        isClassified: () => true,
      },
      'short_high_exit_normal',
      { fee: 0, slippage: 0 },
    )
    expect([made.totalReturn, made.isClosedAtEnd]).toEqual([0, true])
    expect([later.totalReturn, later.isRuined, later.trades.length, later.maxDrawdown]).toEqual([
      -1,
      true,
      1,
      1,
    ])
  })

  it('nothing is traded without a transition', () => {
    for (const rule of backtestRules)
      expect(
        runBacktest({ ...flat, regimes: Uint8Array.of(2, 2, 2, 2) }, rule, { fee: 0.01, slippage: 0 }).trades,
      ).toEqual([])
  })
})
