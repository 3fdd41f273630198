import { expect, it } from 'vitest'
import { oversightPolicy } from '../policy.ts'
import { judgeUsual, mostInADay } from './request-anomaly.ts'

const rule = oversightPolicy.anomaly
const days = (count: number, requests: number) => Array.from({ length: count }, () => requests)

it.each<[promise: string, daily: readonly number[], usual: object | null]>([
  ['seven days of twenty requests allow two hundred', days(7, 20), { most: 200, p95: 20 }],
  ['six days say nothing', days(6, 20), null],
  ['nineteen requests a day are too few to tell', days(7, 19), null],
  ['one loud day of thirty is not what is usual', [...days(29, 20), 9_000], { most: 200, p95: 20 }],
  ['two loud days of thirty are', [...days(28, 20), 9_000, 9_000], { most: 90_000, p95: 9_000 }],
])('%s', (_promise, daily, usual) => expect(judgeUsual(daily, rule)).toEqual(usual))

it('the most in a day slides over the hours', () => {
  expect(mostInADay([])).toBe(0)
  expect(mostInADay([...days(20, 0), ...days(24, 2), ...days(4, 1)])).toBe(48)
})
