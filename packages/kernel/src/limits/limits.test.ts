import { expect, it } from 'vitest'
import { failClosed, ipKey, limitHeaders, type LimitRule, type LimitStore } from './index.ts'

const rule: LimitRule = { name: 'key', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }

it.each([
  ['an IPv4 address by itself', '203.0.113.7', '203.0.113.7'],
  ['an IPv6 address by its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['its neighbour the same', '2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['the next /64 apart', '2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['a mapped address as IPv4', '::ffff:203.0.113.7', '203.0.113.7'],
])('a limit counts %s', (_what, address, key) => {
  expect(ipKey(address)).toBe(key)
})

it('headers say what is left, of which limit, and for how long', () => {
  const decision = { admitted: true, limit: 60, remaining: 59, resetSeconds: 61, bucket: 1 } as const
  expect(limitHeaders([{ rule, decision }])).toEqual({
    'ratelimit-policy': '"key";q=60;w=60',
    ratelimit: '"key";r=59;t=61',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': '61',
  })
})

it('a refusal says when to come back', () => {
  const decision = { admitted: false, because: 'limit_reached', limit: 60, remaining: 0, resetSeconds: 61, retryAfterSeconds: 12 } as const
  expect(limitHeaders([{ rule, decision }])['retry-after']).toBe('12')
})

const broken: LimitStore = { take: () => Promise.reject(new Error('gone')), giveBack: () => Promise.reject(new Error('gone')) }
const stuck: LimitStore = { take: () => new Promise(() => undefined), giveBack: () => new Promise(() => undefined) }

it.each([
  ['down', broken],
  ['slower than a quarter of a second', stuck],
])('limiter-outage-refuses: a store that is %s refuses, or admits where the rule says so', async (_how, store) => {
  const failures: unknown[] = []
  const guarded = failClosed(store, (error) => failures.push(error))
  expect(await guarded.take(rule, 'a', 0)).toMatchObject({ admitted: false, because: 'store_unavailable', retryAfterSeconds: 5 })
  expect(await guarded.take({ ...rule, whenStoreFails: 'admit' }, 'a', 0)).toMatchObject({ admitted: true })
  expect(failures).toHaveLength(2)
})
