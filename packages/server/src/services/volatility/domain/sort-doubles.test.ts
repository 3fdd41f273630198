import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mulberry32 } from './mulberry32.ts'
import { sortDoubles } from './sort-doubles.ts'

it('sorts as comparing does: signs, zeros of both kinds, infinities and what is too small to be normal', () => {
  const draw = mulberry32(3)
  const many = Float64Array.from({ length: 10_000 }, () => (draw() - 0.5) * 10 ** (20 * draw() - 10))
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), (some) => {
      const values = new Float64Array([...some, ...many, ...some, 0, -0])
      const before = values.slice()
      const sorted = sortDoubles(values)
      // By their bits: what is equal to 0 may be below it.
      expect(Buffer.from(sorted.buffer).equals(Buffer.from(values.toSorted().buffer))).toBe(true)
      expect(Buffer.from(values.buffer).equals(Buffer.from(before.buffer))).toBe(true)
    }),
    { numRuns: 20 },
  )
})

it('few values, and values that are all the same, are sorted too', () => {
  expect(sortDoubles(Float64Array.of(3, -1, 2))).toEqual(Float64Array.of(-1, 2, 3))
  expect(sortDoubles(new Float64Array(5_000).fill(7))).toEqual(new Float64Array(5_000).fill(7))
})
