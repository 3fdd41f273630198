import { describe, expect, it } from 'vitest'
import { uptimePolicy } from '../policy.ts'
import { type Attempt, judgeAttempt, parseRetryAfter } from './delivery-schedule.ts'

const rules = uptimePolicy.delivery
const lost: Attempt = { kind: 'failed', code: 'connect_timeout' }

function answered(status: number, retryAfterSeconds: number | null = null): Attempt {
  return { kind: 'answered', status, retryAfterSeconds }
}

describe('a delivery', () => {
  it.each([
    [199, 'given_up'],
    [200, 'sent'],
    [299, 'sent'],
    [301, 'given_up'],
    [400, 'given_up'],
    [404, 'given_up'],
    [407, 'given_up'],
    [408, 'retry'],
    [410, 'given_up'],
    [425, 'retry'],
    [429, 'retry'],
    [499, 'given_up'],
    [500, 'retry'],
    [599, 'retry'],
  ])('after status %i is %s', (status, kind) =>
    expect(judgeAttempt(answered(status), 1, 0, rules, 0.5).kind).toBe(kind),
  )

  it('410 alone switches the channel off', () => {
    expect(judgeAttempt(answered(410), 1, 0, rules, 0.5)).toEqual({ kind: 'given_up', deactivate: true })
    expect(judgeAttempt(answered(404), 1, 0, rules, 0.5)).toEqual({ kind: 'given_up', deactivate: false })
  })

  it('is tried eight times, after 10 s, 30 s, 2 min, 10 min, 30 min, 2 h and 6 h', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((made) => {
      const verdict = judgeAttempt(lost, made, 1_000, rules, 0.5)
      return verdict.kind === 'retry' ? (verdict.notBeforeMs - 1_000) / 1_000 : verdict
    })
    expect(waits).toEqual([10, 30, 120, 600, 1_800, 7_200, 21_600, { kind: 'given_up', deactivate: false }])
  })

  it('waits up to a fifth less or more', () => {
    expect(judgeAttempt(lost, 1, 0, rules, 0)).toEqual({ kind: 'retry', notBeforeMs: 8_000 })
    expect(judgeAttempt(lost, 1, 0, rules, 0.999_999)).toEqual({ kind: 'retry', notBeforeMs: 12_000 })
  })

  it('obeys Retry-After when that is later, up to six hours', () => {
    expect(judgeAttempt(answered(429, 5), 1, 0, rules, 0.5)).toEqual({ kind: 'retry', notBeforeMs: 10_000 })
    expect(judgeAttempt(answered(503, 60), 1, 0, rules, 0.5)).toEqual({ kind: 'retry', notBeforeMs: 60_000 })
    expect(judgeAttempt(answered(429, 999_999), 1, 0, rules, 0.5)).toEqual({
      kind: 'retry',
      notBeforeMs: 21_600_000,
    })
  })

  it.each([
    [undefined, null],
    ['120', 120],
    [' 7 ', 7],
    ['Sun, 01 Mar 2026 00:01:00 GMT', 60],
    ['Sat, 28 Feb 2026 00:00:00 GMT', 0],
    ['soon', null],
  ])('Retry-After %s means %s seconds', (value, seconds) =>
    expect(parseRetryAfter(value, Date.parse('2026-03-01T00:00:00Z'))).toBe(seconds),
  )
})
