import { expect, it } from 'vitest'
import { listMinutes } from './timetable.ts'

const minuteMs = 60_000
const noonMs = Date.UTC(2026, 0, 1, 12)

it.each<[what: string, lastMs: number | undefined, nowMs: number, minutes: readonly number[]]>([
  ['the first look sees the present minute', undefined, noonMs + 59_999, [0]],
  ['a second look within a minute sees none', noonMs, noonMs + 59_999, []],
  ['the next minute is seen when it begins', noonMs + 59_999, noonMs + minuteMs, [1]],
  ['minutes that nobody looked at are made up for', noonMs + 30_000, noonMs + 3 * minuteMs, [1, 2, 3]],
  ['an hour of them at most', noonMs - 90 * minuteMs, noonMs, Array.from({ length: 60 }, (_, at) => at - 59)],
  ['a clock that stepped back sees the minute that it shows', noonMs + 3_600_000, noonMs + 1, [0]],
])('%s', (_what, lastMs, nowMs, minutes) =>
  expect(listMinutes(lastMs, nowMs)).toEqual(minutes.map((at) => noonMs + at * minuteMs)),
)
