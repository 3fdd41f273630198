import { expect, it } from 'vitest'
import { oversightPolicy } from '../policy.ts'
import { issueNorm } from './issue-norm.ts'

const rule = oversightPolicy.norm
const people = (count: number, value: number | null) =>
  Array.from({ length: count }, () => [value, ...Array.from({ length: 6 }, () => null)])

it.each<[promise: string, p5Ms: number, p75Ms: number, tMinMs: number, tRefMs: number]>([
  ['the times of the public table', 5_681, 11_362, 5_681, 11_362],
  ['no minimum below 300 ms, no reference below 5 s', 12, 900, 300, 5_000],
  ['a reference of at least twice the minimum', 4_000, 6_000, 4_000, 8_000],
  ['the third quartile beyond that', 400, 90_000, 400, 90_000],
])('a norm has %s', (_promise, p5Ms, p75Ms, tMinMs, tRefMs) => {
  expect(issueNorm('general-1', { p5Ms, p75Ms }, [], rule)).toMatchObject({ tMinMs, tRefMs })
})

it.each<[promise: string, raw: readonly (readonly (number | null)[])[], prior: number]>([
  ['the mean of five people', [...people(4, 60), ...people(1, 62.34)], 60.5],
  ['50 of four', people(4, 60), 50],
  ['50 where only four have the dimension', [...people(4, 60), ...people(1, null)], 50],
  ['no more than 70', people(5, 95), 70],
  ['no less than 30', people(5, 2), 30],
])('a prior is %s', (_promise, raw, prior) => {
  expect(issueNorm('general-1', { p5Ms: 500, p75Ms: 15_000 }, raw, rule).prior[0]).toBe(prior)
})
