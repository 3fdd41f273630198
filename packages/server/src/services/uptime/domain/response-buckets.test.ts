import { expect, it } from 'vitest'
import { toBucketMs } from './response-buckets.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const now = Date.UTC(2026, 10, 30, 17, 23, 45, 678)

it.each<[span: string, spanMs: number, bucketMs: number]>([
  ['an hour', hourMs, minuteMs],
  ['a day', dayMs, 5 * minuteMs],
  ['a week', 7 * dayMs, hourMs],
  ['30 days', 30 * dayMs, 3 * hourMs],
  ['90 days', 90 * dayMs, 8 * hourMs],
  ['a millisecond', 1, minuteMs],
])('%s is cut into round pieces, of which it touches at most 300', (_span, spanMs, bucketMs) => {
  expect(toBucketMs(now - spanMs, now, 300)).toBe(bucketMs)
  expect(Math.ceil(now / bucketMs) - Math.floor((now - spanMs) / bucketMs)).toBeLessThanOrEqual(300)
})

it('300 pieces are enough where they fit exactly, and too few one millisecond later', () => {
  const start = Date.UTC(2026, 10, 30)
  expect(toBucketMs(start, start + 300 * minuteMs, 300)).toBe(minuteMs)
  expect(toBucketMs(start, start + 300 * minuteMs + 1, 300)).toBe(5 * minuteMs)
})
