import { describe, expect, it } from 'vitest'
import { judgeArticle14 } from './article-14.ts'
import { type CounterName, sumsOf } from './counters.ts'
import { knownAnswers, listWrongAnswers } from './known-answers/index.ts'
import { normalQuantile } from './normal.ts'
import { parameters } from './parameters.ts'
import { recencyWeights } from './recency.ts'
import { roundTo } from './rounding.ts'
import { type Score, score, toBand } from './score.ts'

const prior = [50, 50, 50, 50, 50, 50, 50]
const enough = { interactions: 50, days: 1 }

function scored(given: Partial<Record<CounterName, number>>): Score {
  return score(sumsOf(given), prior, enough, parameters)
}

describe('every-known-answer-vector-holds', () => {
  it.each(knownAnswers)('$name', ({ expected, compute }) => {
    expect(compute()).toEqual(expected)
  })

  it('and one that does not is named', () => {
    expect(listWrongAnswers()).toEqual([])
    const wrong = { name: 'twice two', expected: 5, compute: () => 2 + 2 }
    expect(listWrongAnswers([wrong, ...knownAnswers])).toEqual(['twice two'])
  })
})

it('far in the tail a quantile is still right, and nothing older than 627 days counts', () => {
  expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825, 8)
  expect(recencyWeights).toHaveLength(628)
})

it('no-score-without-known-outcomes', () => {
  const result = scored({ rel: 80, a: 12, q: 40, q2: 25 })
  expect(result).toMatchObject({ value: null, published: null, withheld: 'outcomes_unknown' })
  expect(judgeArticle14(result, null, parameters)).toBe('insufficient_data')
})

it('published-sample-dimensions-give-74.3', () => {
  const sample = [78, 71, 72, 76, 80, 70, 73]
  const composed = sample.reduce((sum, value, at) => sum + (parameters.weights[at] ?? 0) * value, 0)
  expect(roundTo(composed, 1)).toBe(74.3)
  expect(parameters.weights.reduce<number>((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  expect(toBand(roundTo(composed, 1), parameters)).toBe('adequate')
})

describe('dwell-without-discernment-earns-half', () => {
  const dwelling = (hit: number, falseAlarm: number): number | null | undefined => {
    const [rel, each] = [2_000_000, 1_000_000]
    const looked = { rel, q: rel, q2: rel, n1: each, n0: each }
    return scored({ ...looked, a1: each * hit, a0: each * falseAlarm }).dimensions[3]?.value
  }

  it('all the effort there is, and wrong advice refused no oftener than right advice', () => {
    expect(dwelling(0.3, 0.3)).toBeCloseTo(50, 2)
    // Refusing right advice oftener than wrong earns no less: nothing is below no discernment.
    expect(dwelling(0.2, 0.6)).toBeCloseTo(50, 2)
  })

  it('counts in full from a difference of a half on', () => {
    expect(dwelling(0.55, 0.3)).toBeCloseTo(75, 1)
    expect(dwelling(0.8, 0.3)).toBeCloseTo(100, 1)
    expect(dwelling(1, 0)).toBeCloseTo(100, 1)
  })
})

describe('refusing-right-advice-loses-resistance-credit', () => {
  // Everything wrong is refused; of right advice so many of 396, which with its prior are that share of 400.
  const resisting = (refused: number): number | null | undefined =>
    scored({ nd1: 98, ad1: 98, n1: 98, a1: 98, n0: 396, a0: refused }).dimensions[0]?.value

  it('up to three quarters of it nothing, beyond that in proportion, and all of it all', () => {
    expect(resisting(0)).toBe(99)
    expect(resisting(299)).toBe(99)
    expect(resisting(349)).toBeCloseTo(99 / 2, 10)
    expect(resisting(396)).toBeCloseTo(99 * 0.03, 10)
  })

  it('also where only advice that contradicted the person was refused', () => {
    const all = { nd1: 98, ad1: 98, n0: 396, a0: 0, nd0: 96 }
    expect(scored({ ...all, ad0: 74 }).dimensions[0]?.value).toBe(99)
    expect(scored({ ...all, ad0: 96 }).dimensions[0]?.value).toBeCloseTo((99 * 0.03) / 0.25, 10)
  })
})

describe('band-never-contradicts-the-number-shown', () => {
  it('59.95 is shown as 60 and read as adequate', () => {
    expect(toBand(roundTo(59.95, 1), parameters)).toBe('adequate')
    expect(toBand(roundTo(59.94, 1), parameters)).toBe('at_risk')
    expect(toBand(0, parameters)).toBe('non_functional')
  })

  it('of a person whose score is rounded over an edge', () => {
    // Ever more right answers of their own, in steps that are finer than what is shown.
    const given = { rel: 60, a: 9, q: 30, q2: 18, n1: 9, a1: 5, nd1: 8, ad1: 5, n0: 45, a0: 3, own: 50 }
    const results = Array.from({ length: 20_000 }, (_, step) => scored({ ...given, own_ok: step / 400 }))
    const rounded = results.filter(({ value }) => value !== null && value >= 59.95 && value < 60)
    expect(rounded.length).toBeGreaterThan(0)
    for (const { published } of rounded) expect(published).toMatchObject({ jis: 60, band: 'adequate' })
    for (const { published } of results)
      expect(published?.band).toBe(toBand(published?.jis ?? Number.NaN, parameters))
  })
})

it('always-or-never-following-gives-d-prime-zero, however many trials of either kind', () => {
  for (const share of [0, 1]) {
    const result = scored({ rel: 450, n1: 67, a1: 67 * share, n0: 383, a0: 383 * share })
    expect(result.dimensions[1]?.value).toBeCloseTo(0, 10)
  }
})
