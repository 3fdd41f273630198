import { expect, it } from 'vitest'
import { toCoverage } from './coverage.ts'

it('the share of calls that somebody decided about comes with its limits, and not below ten calls', () => {
  expect(toCoverage({ observed: 4_120, matched: 3_874 }, 10)).toEqual({
    observed: 4_120,
    matched: 3_874,
    value: 0.9403,
    low: 0.9326,
    high: 0.9471,
    method: 'wilson',
  })
  expect(toCoverage({ observed: 10, matched: 10 }, 10)).toMatchObject({ value: 1, low: 0.7225, high: 1 })
  expect(toCoverage({ observed: 9, matched: 9 }, 10)).toMatchObject({ value: null, low: null, method: null })
})
