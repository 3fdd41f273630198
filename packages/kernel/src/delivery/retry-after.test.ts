import { expect, it } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const nowMs = Date.parse('2026-03-01T00:00:00Z')

it.each<[value: string | undefined, waitMs: number]>([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['99999999999999999999', Number.MAX_SAFE_INTEGER],
  ['Sun, 01 Mar 2026 00:01:00 GMT', 60_000],
  ['Sunday, 01-Mar-26 00:01:00 GMT', 60_000],
  ['Sun Mar  1 00:01:00 2026', 60_000],
  ['Sat, 28 Feb 2026 00:00:00 GMT', 0],
  // Two digits of a year: 77 is not half a century ahead.
  ['Sunday, 06-Nov-77 08:49:37 GMT', 0],
  ['Monday, 01-Mar-27 00:00:00 GMT', 31_536_000_000],
  ['soon', 0],
  ['-5', 0],
  ['1.5', 0],
  ['1e3', 0],
  ['2026-03-01T00:01:00Z', 0],
  ['Sun, 01 Foo 2026 00:01:00 GMT', 0],
  ['Sun, 01 Mar 2026 00:01:00 +0900', 0],
])('a Retry-After of “%s” asks for %i ms', (value, waitMs) =>
  expect(parseRetryAfter(value, nowMs)).toBe(waitMs),
)
