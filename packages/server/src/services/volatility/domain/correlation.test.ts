import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readVenueBars } from '../fixtures/market-data.ts'
import { betaTo, correlate, correlationInterval, couplingOf } from './correlation.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe('correlation-leaves-out-holes-and-flat-series', () => {
  it('a series that does not move correlates with nothing', () => {
    const moving = Float64Array.of(1, 2, 3, 4)
    expect(correlate(moving, new Float64Array(4))).toBeNull()
    expect(betaTo(new Float64Array(4), moving)).toBeNull()
    expect(correlate(moving, moving)).toBeCloseTo(1, 12)
  })

  it.runIf(isMarketDataThere)('an hour of three coins on one venue', () => {
    const endMs = Date.UTC(2018, 3, 5, 12)
    const returns = (symbol: string): Float64Array => {
      const { openMs, closes } = readVenueBars('coinbase', 'spot', symbol)
      const last = openMs.findIndex((at) => at + 60_000 === endMs)
      return Float64Array.from({ length: 60 }, (_, index) => {
        const bar = last - 59 + index
        return Math.log((closes[bar] ?? 0) / (closes[bar - 1] ?? 0))
      })
    }
    const [btc, eth, ltc] = [returns('btcusd'), returns('ethusd'), returns('ltcusd')]
    const pairs = [correlate(btc, eth), correlate(btc, ltc), correlate(eth, ltc)].map((rho) => rho ?? 0)
    expect(pairs).toEqual([close(0.616810944), close(0.668723042), close(0.499182383)])
    const mean = pairs.reduce((sum, rho) => sum + rho, 0) / 3
    expect(mean).toEqual(close(0.594905456))
    expect(couplingOf(mean)).toBe('mixed')
    expect([betaTo(btc, eth), betaTo(btc, ltc)]).toEqual([close(0.83015063), close(1.134204688)])
    const [low, high] = correlationInterval(pairs[0] ?? 0, 60)
    expect(low).toBeLessThan(pairs[0] ?? 0)
    expect(high).toBeGreaterThan(pairs[0] ?? 0)
  })
})
