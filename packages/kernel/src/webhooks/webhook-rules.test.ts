import { expect, it } from 'vitest'
import { judgeAttempt, toAttempt, toHttpAttempt } from '../delivery/index.ts'
import { webhookRules } from './webhook-rules.ts'

const nowMs = Date.UTC(2026, 0, 1)
const answered = (status: number, retryAfter?: string) =>
  toHttpAttempt({ status, headers: { 'retry-after': retryAfter } }, nowMs, webhookRules)
const judge = (status: number, retryAfter?: string) =>
  judgeAttempt(answered(status, retryAfter), 1, nowMs, webhookRules, 0.5)
const lost = toAttempt('again', 'connect_timeout')

it.each([200, 204, 299])('%i is delivered', (status) => expect(judge(status)).toEqual({ kind: 'delivered' }))

it.each([199, 301, 302, 307, 400, 404, 500])('%i is tried again: redirects are failures', (status) =>
  expect(judge(status)).toEqual({ kind: 'retry', atMs: nowMs + 5_000, slowUntilMs: null }),
)

it('410 ends it', () => expect(judge(410)).toEqual({ kind: 'gone' }))

it.each([429, 502, 504])('%i slows the endpoint', (status) =>
  expect(judge(status)).toMatchObject({ kind: 'retry', slowUntilMs: nowMs + 5_000 }),
)

it.each(webhookRules.delaysSeconds.slice(1).map((seconds, index) => [index + 1, seconds] as const))(
  'after attempt %i the wait is %i s, a tenth less or more',
  (attemptsMade, seconds) => {
    const wait = (chance: number) => {
      const verdict = judgeAttempt(lost, attemptsMade, nowMs, webhookRules, chance)
      return verdict.kind === 'retry' ? verdict.atMs - nowMs : undefined
    }
    expect([wait(0), wait(0.5)]).toEqual([seconds * 900, seconds * 1000])
    expect(wait(1)).toBeCloseTo(seconds * 1100)
  },
)

it('the tenth failure is the last', () => {
  expect(judgeAttempt(answered(500), 9, nowMs, webhookRules, 0.5).kind).toBe('retry')
  expect(judgeAttempt(answered(500), 10, nowMs, webhookRules, 0.5)).toEqual({ kind: 'given_up' })
})

it.each([
  ['seconds', '120', 120_000],
  ['an HTTP date', new Date(nowMs + 90_000).toUTCString(), 90_000],
  ['less than the schedule', '1', 5_000],
  ['a date that is past', new Date(nowMs - 90_000).toUTCString(), 5_000],
  ['more than a day', '999999', 86_400_000],
  ['nonsense', 'soon', 5_000],
])('Retry-After in %s is honoured within bounds', (_how, retryAfter, waitMs) =>
  expect(judge(503, retryAfter)).toMatchObject({ atMs: nowMs + waitMs }),
)
