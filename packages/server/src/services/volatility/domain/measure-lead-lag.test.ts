import { describe, expect, it } from 'vitest'
import { measureHits, measurePair } from './measure-lead-lag.ts'

describe('planted-lead-is-found-and-noise-is-not: what a pair is told with', () => {
  const lags = [2, 3, 1, -1, 4, 2, 5, 1, -2, 3]
  const figures = {
    leaderEvents: 12,
    followerEvents: 11,
    lags,
    meanLag: 1.8,
    medianLag: 2,
    pLink: null,
    pLead: null,
  }

  it('a hit is a pair in which the follower was not first; a few of them hide their quartiles', () => {
    expect(measureHits(figures, 1)).toEqual({ hitRate: 8 / 12, lag: { median: 2.5 } })
    const many = { ...figures, leaderEvents: 36, lags: [...lags, ...lags, ...lags] }
    expect(measureHits(many, 1)).toEqual({ hitRate: 24 / 36, lag: { p25: 1.75, median: 2.5, p75: 3.25 } })
    expect(measureHits(many, 5).lag?.median).toBe(12.5)
  })

  it('without events there is no rate, and without hits no lag', () => {
    expect(measureHits({ ...figures, leaderEvents: 0, lags: [] }, 1)).toEqual({ hitRate: null, lag: null })
    expect(measureHits({ ...figures, lags: [-1] }, 1)).toEqual({ hitRate: 0, lag: null })
  })

  it('below 20 pairs nothing is said of chance, and neither where the look-back is hardly longer than the lags', () => {
    const events = Array.from({ length: 20 }, (_, index) => 1_000 + 100 * index)
    const input = { leader: events, follower: events.map((bar) => bar + 3), from: 900, maxLag: 30, seed: 1 }
    const made = measurePair({ ...input, bars: 3_000 })
    expect(made).toMatchObject({ meanLag: 3, medianLag: 3 })
    expect(made.pLink).toBeLessThan(0.01)
    expect(made.pLead).toBeLessThan(0.001)
    expect(measurePair({ ...input, leader: events.slice(1), bars: 3_000 })).toMatchObject({
      pLink: null,
      pLead: null,
    })
    expect(measurePair({ ...input, bars: 61 })).toMatchObject({ pLink: null })
  })
})
