import { describe, expect, it } from 'vitest'
import { readClassified } from '../fixtures/classified-bars.ts'
import { isMarketDataThere } from '../fixtures/market-data.ts'
import { measureImpact, medianRank } from './impact.ts'
import type { Regime } from './regime-code.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe.runIf(isMarketDataThere)('what followed a change of regime', () => {
  const { bars, transitions } = readClassified('1h')
  const closes = new Map(
    Array.from(bars.openMs, (openMs, bar) => [openMs + 3_600_000, bars.closes[bar] ?? 0]),
  )
  const ends = Array.from(bars.openMs, (openMs) => openMs + 3_600_000)
  const impact = (to: Regime, hours: number) =>
    measureImpact(
      transitions.filter((one) => one.to === to).map(({ tsMs }) => tsMs),
      ends,
      hours * 3_600_000,
      (endMs) => closes.get(endMs),
    )

  it('after 90 changes to high, over one, four and 24 hours', () => {
    expect(impact('high', 1)).toMatchObject({
      n: 90,
      median: close(-0.0005827885355),
      medianInterval: [close(-0.002339879317), close(0.001939518377)],
      p25: close(-0.005787561004),
      p75: close(0.007967413007),
    })
    expect(medianRank(90)).toBe(36)
    expect(impact('high', 4).median).toEqual(close(0.001807545819))
    const day = impact('high', 24)
    expect(day).toMatchObject({
      median: close(-0.0002422207956),
      p25: close(-0.01208315457),
      p75: close(0.02032139041),
      base: { n: 58_007, median: close(0.001000888121) },
    })
    expect(day).not.toHaveProperty('p05')
  })

  it('small-samples-hide-their-quantiles', () => {
    const seven = impact('low', 24)
    expect(seven.n).toBe(7)
    expect(seven).toHaveProperty('medianInterval')
    expect(seven).not.toHaveProperty('p25')
    expect([1, 4, 24].map((hours) => impact('normal', hours).n)).toEqual([96, 96, 96])
  })
})

it('the median of five values has no interval, and that of six is the whole range', () => {
  expect([medianRank(0), medianRank(5), medianRank(6), medianRank(1_000_000)]).toEqual([
    undefined,
    undefined,
    1,
    499_020,
  ])
})
