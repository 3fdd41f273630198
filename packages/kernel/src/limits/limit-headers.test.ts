import { expect, it } from 'vitest'
import { limitHeaders } from './limit-headers.ts'
import type { LimitRule } from './limit-rule.ts'
import type { LimitDecision } from './limit-store.ts'

const rule: LimitRule = { name: 'key', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }
const hourly: LimitRule = { name: 'hourly', limit: 1_000, windowSeconds: 3_600, whenStoreFails: 'admit' }

function admitted(limit: number, remaining: number, resetSeconds: number): LimitDecision {
  const charge = { cost: 1, bucket: 0, life: 1, givenBack: false }
  return { admitted: true, counted: true, limit, remaining, resetSeconds, charge }
}

function refused(
  limit: number,
  remaining: number,
  resetSeconds: number,
  retryAfterSeconds: number,
): LimitDecision {
  return { admitted: false, because: 'limit_reached', limit, remaining, resetSeconds, retryAfterSeconds }
}

it('an admission says what is left, of which limit, and until when', () => {
  expect(limitHeaders([{ rule, decision: admitted(60, 59, 30) }])).toEqual({
    'ratelimit-policy': '"key";q=60;w=60',
    ratelimit: '"key";r=59;t=30',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': '30',
  })
})

it('a refusal also says when to come back', () => {
  expect(limitHeaders([{ rule, decision: refused(60, 0, 12, 12) }])).toEqual({
    'ratelimit-policy': '"key";q=60;w=60',
    ratelimit: '"key";r=0;t=12',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '12',
    'retry-after': '12',
  })
})

it('every rule is listed, and the older trio is that of the tightest', () => {
  const judged = [
    { rule: hourly, decision: admitted(1_000, 7, 900) },
    { rule, decision: admitted(60, 8, 30) },
  ]
  expect(limitHeaders(judged)).toEqual({
    'ratelimit-policy': '"hourly";q=1000;w=3600, "key";q=60;w=60',
    ratelimit: '"hourly";r=7;t=900, "key";r=8;t=30',
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '7',
    'x-ratelimit-reset': '900',
  })
})

it.each<[promise: string, LimitDecision, LimitDecision, expected: object]>([
  [
    'a costly request refused with some left is tighter than an admission with less',
    admitted(60, 1, 30),
    refused(1_000, 3, 40, 50),
    { 'x-ratelimit-limit': '1000', 'retry-after': '50' },
  ],
  [
    'of two with as much left, the one that waits longer is tighter',
    admitted(60, 1, 30),
    admitted(1_000, 1, 31),
    { 'x-ratelimit-limit': '1000', 'x-ratelimit-reset': '31' },
  ],
  [
    'of two refusals the longer wait is given',
    refused(60, 0, 30, 30),
    refused(1_000, 0, 31, 31),
    { 'retry-after': '31' },
  ],
])('%s', (_promise, first, second, expected) => {
  const judged = [
    { rule, decision: first },
    { rule: hourly, decision: second },
  ]
  expect(limitHeaders(judged)).toMatchObject(expected)
})

it.each<[promise: string, LimitDecision, object]>([
  ['an uncounted request has a policy only', { admitted: true, counted: false }, {}],
  [
    'a request that could not be counted has a policy and a time to come back',
    { admitted: false, because: 'store_unavailable', retryAfterSeconds: 5 },
    { 'retry-after': '5' },
  ],
])('%s', (_promise, decision, rest) => {
  expect(limitHeaders([{ rule, decision }])).toEqual({ 'ratelimit-policy': '"key";q=60;w=60', ...rest })
})

it('a reply that no rule judged says nothing', () => {
  expect(limitHeaders([])).toEqual({})
})
