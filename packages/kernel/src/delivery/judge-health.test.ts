import { expect, it } from 'vitest'
import { judgeFailing } from './judge-health.ts'

const msMax = 5 * 24 * 60 * 60 * 1000
const rules = { failing: { msMax, toldAtPercent: [50, 70, 90, 100] } }
const judge = (toldPercent: number, nowMs: number) =>
  judgeFailing(rules, { failingSinceMs: 0, toldPercent }, nowMs)

it.each([50, 70, 90, 100])('at %i % the owners are told, once, and not a millisecond before', (percent) => {
  const atMs = (msMax * percent) / 100
  expect(judge(0, atMs)).toBe(percent)
  expect(judge(percent, atMs)).toBeUndefined()
  expect(judge(0, atMs - 1)).not.toBe(percent)
})

it('whoever was away for days is told of the newest mark alone', () => expect(judge(50, msMax * 2)).toBe(100))

it('a destination that is well, or whose rules count nothing, has nothing to tell', () => {
  expect(judgeFailing(rules, { failingSinceMs: null, toldPercent: 0 }, msMax)).toBeUndefined()
  expect(judgeFailing({}, { failingSinceMs: 0, toldPercent: 0 }, msMax)).toBeUndefined()
})
