import { expect, it } from 'vitest'
import { welch } from './welch.ts'

it('gives the t of samples that can be reckoned by hand', () => {
  // Means 3 and 6, variances 2.5 and 10: t = -3 / sqrt(2.5 / 5 + 10 / 5).
  expect(welch([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])).toBeCloseTo(-3 / Math.sqrt(2.5), 12)
})

it('is nought for equal means, and changes its sign with the order', () => {
  expect(welch([1, 2, 3], [3, 2, 1])).toBe(0)
  expect(welch([1, 2, 3], [2, 3, 4])).toBe(-welch([2, 3, 4], [1, 2, 3]))
})

it('refuses samples without a variance', () => {
  expect(() => welch([1], [1, 2])).toThrow('two values')
})
