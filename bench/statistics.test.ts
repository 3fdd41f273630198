import { expect, it } from 'vitest'
import { median, quantile, ratioSpread, spread } from './statistics.ts'

it('takes the middle of an odd number of values, whatever their order', () => {
  expect(median([9, 1, 10])).toBe(9)
})

it('takes the mean of the two in the middle of an even number', () => {
  expect(median([4, 1, 2, 100])).toBe(3)
})

it('sorts by size, not by spelling', () => {
  expect(median([10, 9, 100])).toBe(10)
  expect(quantile([10, 9, 100], 1)).toBe(100)
})

it('leaves what it was given in its order', () => {
  const values = [3, 1, 2]
  median(values)
  quantile(values, 0.5)
  expect(values).toEqual([3, 1, 2])
})

it('refuses to sum up nothing', () => {
  expect(() => median([])).toThrow('median of nothing')
  expect(() => quantile([], 0.99)).toThrow('quantile of nothing')
})

it.each<[promise: string, share: number, value: number]>([
  ['the 99th of 100 is the 99th in order', 0.99, 99],
  ['one step beyond it is the last', 0.991, 100],
  ['the lowest share is the first', 0, 1],
])('%s', (_promise, share, value) => {
  expect(
    quantile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      share,
    ),
  ).toBe(value)
})

it('gives the middle and both ends', () => {
  expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 })
})

it('compares pair by pair: a slow moment that hits both changes no ratio', () => {
  const pairs = [
    { ours: 60, peer: 100 },
    { ours: 6, peer: 10 },
    { ours: 70, peer: 100 },
  ]
  expect(ratioSpread(pairs)).toEqual({ median: 0.6, min: 0.6, max: 0.7 })
})
