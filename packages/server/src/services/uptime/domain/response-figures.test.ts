import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinBuckets, type MeasuredBucket, toResponseBucket } from './response-figures.ts'

const hourMs = 3_600_000

function measure(startMs: number, totals: readonly number[]): MeasuredBucket {
  const none = { dns: [], connect: [], tls: [], ttfb: [], download: [] }
  return { startMs, answered: totals.length, failed: 1, durationsMs: { ...none, total: totals } }
}

it.each<[count: number, p95Ms: number]>([
  [1, 1],
  [19, 19],
  [20, 19],
  [21, 20],
  [100, 95],
])('of %i durations, the 95th percentile is the one that 95 in 100 do not exceed', (count, p95Ms) => {
  const durations = Array.from({ length: count }, (_, index) => count - index)
  expect(toResponseBucket(measure(0, durations)).total).toEqual({ meanMs: (count + 1) / 2, p95Ms })
})

it('a mean is rounded to a tenth of a millisecond, halves up', () => {
  expect(toResponseBucket(measure(0, [1, 1, 1, 2])).total?.meanMs).toBe(1.3)
  expect(toResponseBucket(measure(0, [])).total).toBeNull()
})

it('hours joined say the same as their checks taken together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(30_000), { maxLength: 60 }), { minLength: 1, maxLength: 24 }),
      (hours) => {
        const parts = hours.map((totals, hour) => measure(hour * hourMs, totals))
        const joined = joinBuckets(parts, 24 * hourMs).map(toResponseBucket)
        expect(joined).toEqual([{ ...toResponseBucket(measure(0, hours.flat())), failed: hours.length }])
      },
    ),
  )
})
