import { describe, expect, it } from 'vitest'
import { readClassified } from '../fixtures/classified-bars.ts'
import { isMarketDataThere } from '../fixtures/market-data.ts'
import { conditionalReturns, countTransitions, measureDurations } from './regime-runs.ts'

const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe.runIf(isMarketDataThere)('matrix-durations-and-returns-match-known-answers', () => {
  it.each([
    ['1m', [1_931, 21, 0, 21, 34_505, 60, 0, 59, 4_894]],
    ['15m', [280, 5, 0, 5, 31_317, 51, 0, 51, 2_966]],
  ] as const)('the matrix of %s bars', (timeframe, expected) => {
    const { bars, regimes, intervalMs: interval } = readClassified(timeframe)
    const { counts, matrix, pairs } = countTransitions({ openMs: bars.openMs, regimes, intervalMs: interval })
    expect(Object.values(counts).flatMap((row) => Object.values(row))).toEqual(expected)
    expect(pairs).toBe(expected.reduce<number>((sum, count) => sum + count, 0))
    if (timeframe === '1m') expect(matrix.high.high).toEqual(close(0.988088027))
  })

  it('durations of a month of minutes', () => {
    const { durations, censored, current } = measureDurations(readClassified('1m').regimes)
    expect(censored).toBe(2)
    expect(current).toMatchObject({ regime: 'high', bars: 60 })
    expect(durations.low).toMatchObject({
      n: 21,
      mean: close(92.952380952),
      median: 69,
      p25: 26,
      p75: 148,
      max: 241,
    })
    expect(durations.normal).toMatchObject({
      n: 80,
      mean: close(428.6),
      median: 389,
      p25: 226.25,
      p75: 543.25,
      max: 1_879,
    })
    expect(durations.high).toMatchObject({
      n: 59,
      mean: close(82.949152542),
      median: 79,
      p25: 54.5,
      p75: 107.5,
      max: 243,
    })
  })

  it('durations of its last seven days', () => {
    const { durations } = measureDurations(readClassified('1m').regimes.subarray(-7 * 1_440))
    expect(durations.low).toMatchObject({ n: 11, mean: close(72.272727273), median: 69, max: 148 })
    expect(durations.low).not.toHaveProperty('p25')
    expect(durations.normal).toMatchObject({ n: 24, mean: close(300.958333333), median: 297 })
    expect(durations.high).toMatchObject({ n: 13, mean: close(86.307692308), median: 86 })
  })

  it('returns under each regime', () => {
    const { bars, regimes, intervalMs: interval } = readClassified('1m')
    const classified = { openMs: bars.openMs, regimes, intervalMs: interval }
    const one = conditionalReturns(classified, bars.closes, 1)
    expect([one.byRegime.low.n, one.byRegime.normal.n, one.byRegime.high.n, one.baseline.n]).toEqual([
      1_952, 34_586, 4_953, 41_491,
    ])
    expect(one.byRegime.high).toMatchObject({
      median: 0,
      p25: close(-0.000561251977),
      p05: close(-0.001657767355),
      stdev: close(0.001095477828),
    })
    expect(one.baseline.stdev).toEqual(close(0.000762698576))
    const thirty = conditionalReturns(classified, bars.closes, 30)
    expect(thirty.byRegime.high).toMatchObject({
      n: 4_924,
      median: close(0.000254380498),
      p75: close(0.003028081607),
    })
    expect(thirty.byRegime.low.median).toEqual(close(2.07886278e-5, 12))
    expect(thirty.baseline).toMatchObject({ n: 41_462, mean: close(-2.10276018e-5, 12) })
  })

  it('a later bar moves nothing that ended before it', () => {
    const { bars, regimes, intervalMs: interval } = readClassified('1m')
    const closes = bars.closes.slice(0, 1_000)
    const classified = {
      openMs: bars.openMs.subarray(0, 900),
      regimes: regimes.subarray(0, 900),
      intervalMs: interval,
    }
    const before = conditionalReturns(classified, closes, 5)
    expect(conditionalReturns(classified, closes.fill(1, 900), 5)).toEqual(before)
  })
})
