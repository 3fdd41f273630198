import { expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { annualizeRate, labelGap, volatilityOf30Days } from './derivative-figures.ts'

it('a rate is annualised without compounding', () => {
  expect(annualizeRate(-0.001034, 480)).toBeCloseTo(-1.13223, 5)
  expect(annualizeRate(0.0001, 240)).toBeCloseTo(0.219, 9)
})

it.each([
  [0.8, 'aligned'],
  [1.25, 'aligned'],
  [1.2501, 'implied_rich'],
  [0.7999, 'implied_cheap'],
])('a quotient of %f is %s', (quotient, label) => {
  expect(labelGap(quotient, 1)).toBe(label)
})

const hours = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ openMs: at * 3_600_000, close: 100 + (at % 2) }))

it('the volatility of thirty days needs 600 returns, and none goes over a hole', () => {
  expect(volatilityOf30Days(hours(600))).toBeNull()
  expect(volatilityOf30Days(hours(601))).toBeCloseTo(Math.sqrt(8_760) * Math.log(1.01), 9)
  expect(volatilityOf30Days(hours(601).filter((_hour, at) => at !== 300))).toBeNull()
})

it.skipIf(!isMarketDataThere)(
  'the volatility of thirty days at the end of the recorded hours is as published',
  () => {
    const { openMs, closes } = readMarketBars('1h')
    const bars = Array.from(openMs, (ms, at) => ({ openMs: ms, close: closes[at] ?? 0 }))
    expect(volatilityOf30Days(bars)).toBeCloseTo(0.594428332, 9)
  },
)
