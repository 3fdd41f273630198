import { describe, expect, it } from 'vitest'
import { adjustForMany, leadProbability, linkProbability, pairEvents, pairsLeast } from './lead-lag.ts'
import { mulberry32 } from './mulberry32.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe('planted-lead-is-found-and-noise-is-not', () => {
  const bars = 20_000
  const maxLag = 30

  function events(count: number, seed: number): readonly number[] {
    const draw = mulberry32(seed)
    return [...new Set(Array.from({ length: count }, () => Math.floor(draw() * bars)))].toSorted(
      (a, b) => a - b,
    )
  }

  it('the known answers of both probabilities', () => {
    expect(leadProbability([2, 3, 1, -1, 4, 2, 5, 1, -2, 3], 1)).toBe(44 / 1_024)
    expect(adjustForMany([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216])).toEqual(
      [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714286, 0.216, 0.216, 0.216].map((q) => close(q)),
    )
  })

  it('a lead of three bars is found', () => {
    const leader = events(60, 1)
    const follower = leader.map((bar) => bar + 3)
    const lags = pairEvents(leader, follower, maxLag)
    expect(lags.length).toBeGreaterThanOrEqual(pairsLeast)
    expect(lags.filter((lag) => lag === 3).length / lags.length).toBeGreaterThan(0.9)
    expect(linkProbability(leader, follower, { bars, maxLag, seed: 1 })).toBe(0.001)
    expect(leadProbability(lags, 1)).toBeLessThan(0.001)
  })

  it('of 200 pairs of noise, hardly one links at q 0.05', () => {
    const probabilities = Array.from({ length: 200 }, (_, seed) =>
      linkProbability(events(40, 1_000 + seed), events(40, 5_000 + seed), { bars, maxLag, seed }),
    )
    expect(adjustForMany(probabilities).filter((q) => q <= 0.05).length).toBeLessThanOrEqual(10)
    // Without the adjustment about one in twenty would, which is what it is for.
    expect(probabilities.filter((p) => p <= 0.05).length).toBeGreaterThan(0)
  })

  it('an event that stands in the middle of two is dropped, and each is paired once', () => {
    expect(pairEvents([100], [98, 102], 5)).toEqual([])
    expect(pairEvents([100], [98, 101], 5)).toEqual([1])
    expect(pairEvents([100, 103], [102], 5)).toEqual([-1])
    expect(pairEvents([100], [106], 5)).toEqual([])
    expect(pairEvents([100], [105], 5)).toEqual([5])
  })
})
