import { expect, it } from 'vitest'
import { judgeUsageRange, type UsageRange } from './judge-usage-range.ts'

const now = Date.parse('2026-06-15T23:59:59.999Z')
const judge = (range: UsageRange) => judgeUsageRange(range, now, 30, 90)

it.each<[promise: string, UsageRange, first: string, last: string, count: number]>([
  ['without ends it is the last 30 days, today included', {}, '2026-05-17', '2026-06-15', 30],
  ['without a start it is the 30 days up to the end', { to: '2026-03-01' }, '2026-01-31', '2026-03-01', 30],
  ['without an end it goes up to today', { from: '2026-06-15' }, '2026-06-15', '2026-06-15', 1],
  ['90 days are the most', { from: '2026-01-01', to: '2026-03-31' }, '2026-01-01', '2026-03-31', 90],
])('%s', (_promise, range, first, last, count) => {
  const verdict = judge(range)
  if (!verdict.accepted) throw new Error(verdict.message)
  const days = verdict.days.map((ms) => new Date(ms).toISOString().slice(0, 10))
  expect([days[0], days.at(-1), days.length]).toEqual([first, last, count])
})

it.each<[promise: string, UsageRange, field: string]>([
  ['91 days are too many', { from: '2026-01-01', to: '2026-04-01' }, 'from'],
  ['an end before the start is none', { from: '2026-03-02', to: '2026-03-01' }, 'to'],
  ['a start after today needs an end', { from: '2026-06-16' }, 'from'],
])('%s', (_promise, range, field) => {
  expect(judge(range)).toMatchObject({ accepted: false, field })
})
