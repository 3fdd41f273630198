import { calculateGarmanKlassVolatility, calculateParkinsonVolatility } from '@railpath/finance-toolkit'
import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import type { OhlcColumns } from './ohlc.ts'
import { barsInEstimate, type Prices, RangeEstimators } from './range-estimators.ts'
import { barsPerYear, type Timeframe } from './timeframe.ts'
import { VolatilitySeries } from './volatility-series.ts'

function pricesAt({ opens, highs, lows, closes }: OhlcColumns, bar: number): Prices {
  return { open: opens[bar] ?? 0, high: highs[bar] ?? 0, low: lows[bar] ?? 0, close: closes[bar] ?? 0 }
}

/** Both of what a reply tells, as they stand after a bar. */
function fold(
  timeframe: Timeframe,
  bars: OhlcColumns,
  last: number,
): { series: VolatilitySeries; estimators: RangeEstimators } {
  const series = new VolatilitySeries(timeframe)
  const estimators = new RangeEstimators(timeframe)
  for (let bar = 0; bar <= last; bar += 1) {
    const prices = pricesAt(bars, bar)
    series.push(bars.openMs[bar] ?? 0, prices.close)
    estimators.push(prices, series.logReturn)
  }
  return { series, estimators }
}

function figures(estimators: RangeEstimators): readonly (number | null)[] {
  const { parkinson, garmanKlass, rogersSatchell, yangZhang, ewma } = estimators
  return [parkinson, garmanKlass, rogersSatchell, yangZhang, ewma]
}

describe.runIf(isMarketDataThere)('estimators-match-known-answers-and-a-reference-library', () => {
  it.each([
    [
      '1m',
      1_733_437_680_000,
      5.14105498381,
      [5.12319019943, 5.05198959965, 5.24095117214, 5.22750132431, 7.0498761009],
    ],
    [
      '1m',
      1_733_607_600_000,
      0.326652254128,
      [0.279207163532, 0.250851538348, 0.251490173412, 0.263401464522, 0.34122135886],
    ],
    [
      '1h',
      1_584_064_800_000,
      5.89427884618,
      [6.04484162957, 6.06749933107, 5.93710552511, 5.93092888593, 6.79442728933],
    ],
  ] as const)('the %s bar that opens at %d', (timeframe, openMs, closeToClose, expected) => {
    const bars = readMarketBars(timeframe)
    const { series, estimators } = fold(timeframe, bars, bars.openMs.indexOf(openMs))
    const made = [series.rv, ...figures(estimators)]
    for (const [index, value] of [closeToClose, ...expected].entries())
      expect(Math.abs((made[index] ?? 0) / value - 1)).toBeLessThan(1e-9)
  })

  it('Parkinson and Garman-Klass are those of the reference library at any bar', () => {
    const bars = readMarketBars('1m')
    const perYear = Math.sqrt(barsPerYear['1m'])
    for (const last of [40, 999, 7_168, 12_345]) {
      const window = Array.from({ length: barsInEstimate }, (_, index) =>
        pricesAt(bars, last - barsInEstimate + 1 + index),
      )
      const [opens, highs, lows, closes] = (['open', 'high', 'low', 'close'] as const).map((name) =>
        window.map((prices) => prices[name]),
      )
      const { estimators } = fold('1m', bars, last)
      expect(estimators.parkinson).toBeCloseTo(
        calculateParkinsonVolatility(highs ?? [], lows ?? []) * perYear,
        12,
      )
      expect(estimators.garmanKlass).toBeCloseTo(
        calculateGarmanKlassVolatility(opens ?? [], highs ?? [], lows ?? [], closes ?? []) * perYear,
        12,
      )
    }
  })
})

describe('estimates know their limits', () => {
  const flat: Prices = { open: 5, high: 5, low: 5, close: 5 }
  const wide: Prices = { open: 5, high: 6, low: 4, close: 5.5 }

  it('there is none before the thirtieth bar, and those over returns come a bar later', () => {
    const estimators = new RangeEstimators('1m')
    for (let bar = 0; bar < 29; bar += 1) estimators.push(flat, bar === 0 ? null : 0)
    expect(figures(estimators)).toEqual([null, null, null, null, null])
    estimators.push(flat, 0)
    expect(figures(estimators)).toEqual([0, 0, 0, null, null])
    estimators.push(flat, 0)
    expect(figures(estimators)).toEqual([0, 0, 0, 0, 0])
  })

  it('a market that stands still after a storm has a volatility of exactly 0', () => {
    const estimators = new RangeEstimators('1m')
    for (let bar = 0; bar < 50; bar += 1) estimators.push(wide, bar === 0 ? null : 0.1)
    for (let bar = 0; bar < 31; bar += 1) estimators.push(flat, 0)
    expect(figures(estimators).slice(0, 4)).toEqual([0, 0, 0, 0])
  })

  it('Yang-Zhang leaves out a bar whose predecessor is missing', () => {
    const [whole, holed] = [new RangeEstimators('1m'), new RangeEstimators('1m')]
    for (let bar = 0; bar < 40; bar += 1) {
      whole.push(bar % 2 === 0 ? flat : wide, bar === 0 ? null : 0.1)
      holed.push(bar % 2 === 0 ? flat : wide, bar === 0 ? null : 0.1)
    }
    holed.push({ open: 50, high: 50, low: 50, close: 5.5 }, null)
    expect(holed.yangZhang).toBe(whole.yangZhang)
    expect(holed.ewma).toBe(whole.ewma)
  })

  it('stored and rebuilt at any bar they go on with the same bits', () => {
    const whole = new RangeEstimators('5m')
    for (let bar = 0; bar < 100; bar += 1) {
      const rebuilt = RangeEstimators.from('5m', whole.state())
      const close = 5 + Math.sin(bar * bar)
      const prices = { open: 5, high: 7, low: 3, close }
      const logReturn = bar % 17 === 0 ? null : Math.sin(bar)
      for (const one of [whole, rebuilt]) one.push(prices, logReturn)
      expect(figures(rebuilt)).toEqual(figures(whole))
    }
  })

  it('after a hole that is too long they begin anew', () => {
    const estimators = new RangeEstimators('1m')
    for (let bar = 0; bar < 50; bar += 1) estimators.push(wide, bar === 0 ? null : 0.1)
    estimators.clear()
    expect(figures(estimators)).toEqual([null, null, null, null, null])
    estimators.push(wide, null)
    expect(figures(estimators)).toEqual([null, null, null, null, null])
  })
})
