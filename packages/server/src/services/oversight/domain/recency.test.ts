import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { addVectors, counterNames, subtractVectors, zeroVector } from './counters.ts'
import { addToSums, foldDays, noSums } from './recency.ts'

const vector = fc.array(fc.nat(1_000_000), {
  minLength: counterNames.length,
  maxLength: counterNames.length,
})

it('aggregates-equal-a-full-recompute: adding changes one by one gives what folding the changed days gives', () => {
  const changes = fc.array(fc.record({ day: fc.nat(700), counters: vector }), { maxLength: 8 })
  fc.assert(
    fc.property(changes, fc.nat(1_400), (added, asOf) => {
      const folded = foldDays(added, asOf)
      const summed = added.reduce((sums, { day, counters }) => addToSums(sums, counters, day, asOf), noSums)
      expect(summed).toEqual(folded)
      // Taking the first away again is as if it had never been.
      const [first, ...rest] = added
      if (first === undefined) return
      const taken = addToSums(summed, subtractVectors(zeroVector, first.counters), first.day, asOf)
      expect(taken).toEqual(foldDays(rest, asOf))
    }),
    { numRuns: 50 },
  )
})

it('a vector taken away from a sum leaves the other', () => {
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      expect(subtractVectors(addVectors(a, b), b)).toEqual(a)
    }),
    { numRuns: 20 },
  )
})

it('what is 628 days old weighs nothing, and what is still to come weighs as today', () => {
  const one = zeroVector.map((_, at) => (at === 0 ? 1 : 0))
  expect(foldDays([{ day: 0, counters: one }], 627)[0]).toBe(1n)
  expect(foldDays([{ day: 0, counters: one }], 628)[0]).toBe(0n)
  expect(foldDays([{ day: 9, counters: one }], 0)[0]).toBe(1_000_000n)
})
