import { expect, it } from 'vitest'
import { describeLimitStore } from './conformance.ts'
import type { LimitRule } from './limit-store.ts'
import { createMemoryStore } from './memory-store.ts'

describeLimitStore('the memory store', async () => createMemoryStore())

const rule: LimitRule = { name: 'r', limit: 1, windowSeconds: 60, whenStoreFails: 'refuse' }
const startMs = Date.UTC(2026, 0, 1)

it('never tracks more subjects than it may, and forgets the one idle for longest', () => {
  const store = createMemoryStore(3)
  for (const subject of ['a', 'b', 'c']) store.take(rule, subject, startMs)
  store.take(rule, 'a', startMs + 1)
  store.take(rule, 'd', startMs + 2)
  expect(store.tracked()).toBe(3)
  expect(store.take(rule, 'a', startMs + 3).admitted).toBe(false)
  expect(store.take(rule, 'b', startMs + 4).admitted).toBe(true)
})

it('forgets a subject two hours after its last request, and not before', () => {
  const store = createMemoryStore()
  const hours = 2 * 60 * 60 * 1000
  store.take(rule, 'a', startMs)
  store.take(rule, 'b', startMs + hours)
  expect(store.tracked()).toBe(2)
  store.take(rule, 'c', startMs + hours + 1)
  expect(store.tracked()).toBe(2)
})

it('denies at most 1.6 % too many at nine tenths of the limit', () => {
  const store = createMemoryStore()
  const wide: LimitRule = { name: 'w', limit: 6_000, windowSeconds: 60, whenStoreFails: 'refuse' }
  const rate = (wide.limit * 0.9) / 60_000
  let seed = 1
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  let nowMs = startMs
  let denied = 0
  const requests = 60_000
  for (let i = 0; i < requests; i += 1) {
    nowMs += -Math.log(1 - random()) / rate
    if (!store.take(wide, 'a', nowMs).admitted) denied += 1
  }
  expect(denied / requests).toBeLessThanOrEqual(0.016)
})

it('a rule that could never admit anyone is refused as a mistake of ours', () => {
  const store = createMemoryStore()
  expect(() => store.take({ ...rule, limit: 0 }, 'a', startMs)).toThrow('must allow at least 1')
})
