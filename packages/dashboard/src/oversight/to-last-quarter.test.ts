import { expect, it } from 'vitest'
import { toLastQuarter } from './to-last-quarter.ts'

it.each([
  ['2026-11-30T08:00:00Z', '2026-07-01', '2026-09-30'],
  ['2026-10-01T00:00:00Z', '2026-07-01', '2026-09-30'],
  ['2026-09-30T23:59:59Z', '2026-04-01', '2026-06-30'],
  ['2027-01-15T00:00:00Z', '2026-10-01', '2026-12-31'],
])('of %s the last quarter is %s to %s', (now, start, end) => {
  expect(toLastQuarter(Date.parse(now))).toEqual([start, end])
})
