import { type Attempt, judgeAttempt, toAttempt, toHttpAttempt } from '@gatehouse/kernel/delivery'
import { expect, it } from 'vitest'
import { uptimePolicy } from './policy.ts'

const rules = uptimePolicy.delivery
const judge = (attempt: Attempt, attemptsMade = 1, chance = 0.5) =>
  judgeAttempt(attempt, attemptsMade, 0, rules, chance)
const answered = (status: number, retryAfter?: string) =>
  toHttpAttempt({ status, headers: { 'retry-after': retryAfter } }, 0, rules)
const lost = toAttempt('again', 'connect_timeout')

it.each([
  [199, 'retry'],
  [200, 'delivered'],
  [299, 'delivered'],
  [300, 'retry'],
  [301, 'retry'],
  [302, 'retry'],
  [304, 'retry'],
  [399, 'retry'],
  [400, 'given_up'],
  [404, 'given_up'],
  [407, 'given_up'],
  [408, 'retry'],
  [410, 'gone'],
  [425, 'retry'],
  [429, 'retry'],
  [499, 'given_up'],
  [500, 'retry'],
  [599, 'retry'],
])('a notice after status %i is %s', (status, kind) => expect(judge(answered(status)).kind).toBe(kind))

it('a notice is tried eight times, after 10 s, 30 s, 2 min, 10 min, 30 min, 2 h and 6 h', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((made) => {
    const verdict = judge(lost, made)
    return verdict.kind === 'retry' ? verdict.atMs / 1_000 : verdict.kind
  })
  expect(waits).toEqual([10, 30, 120, 600, 1_800, 7_200, 21_600, 'given_up'])
})

it('a notice waits up to a fifth less or more', () => {
  expect(judge(lost, 1, 0)).toMatchObject({ atMs: 8_000 })
  expect(judge(lost, 1, 0.999_999)).toMatchObject({ atMs: 12_000 })
})

it('a notice obeys Retry-After when that is later, up to six hours', () => {
  expect(judge(answered(429, '5'))).toMatchObject({ atMs: 10_000 })
  expect(judge(answered(503, '60'))).toMatchObject({ atMs: 60_000 })
  expect(judge(answered(429, '999999'))).toMatchObject({ atMs: 21_600_000 })
})
