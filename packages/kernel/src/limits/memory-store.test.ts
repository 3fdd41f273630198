import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LimitRule } from './limit-rule.ts'
import { createMemoryStore } from './memory-store.ts'
import { describeLimitStore } from './testing/describe-limit-store.ts'
import { exactLog } from './testing/exact-log.ts'

const rule: LimitRule = { name: 'r', limit: 1, windowSeconds: 60, whenStoreFails: 'refuse' }
const startMs = Date.UTC(2026, 0, 1)

describeLimitStore('the memory store', createMemoryStore)

describe('what the memory store keeps', () => {
  it('a full store lets the subject go that was idle for longest, and says that it was live', () => {
    const store = createMemoryStore(3)
    for (const subject of ['a', 'b', 'c']) store.take(rule, subject, startMs)
    store.take(rule, 'a', startMs)
    store.take({ ...rule, name: 's' }, 'd', startMs)
    expect(store.stats()).toEqual({ subjectsTracked: 3, evictedLive: 1 })
    const admitted = ['a', 'c', 'b'].map((subject) => store.take(rule, subject, startMs).admitted)
    expect(admitted).toEqual([false, false, true])
  })

  it('never tracks more subjects than it may, and always the last that came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (visitors) => {
        const store = createMemoryStore(4)
        let latest: number[] = []
        for (const visitor of visitors) {
          const wasKnown = latest.includes(visitor)
          expect(store.take(rule, String(visitor), startMs).admitted).toBe(!wasKnown)
          latest = [visitor, ...latest.filter((other) => other !== visitor)].slice(0, 4)
          expect(store.stats().subjectsTracked).toBe(latest.length)
        }
      }),
    )
  })

  it('a subject is forgotten once its window has passed since its last request, and not before', () => {
    const store = createMemoryStore()
    store.take(rule, 'a', startMs)
    store.forgetIdle(startMs + 60_999)
    expect(store.stats().subjectsTracked).toBe(1)
    store.forgetIdle(startMs + 61_000)
    expect(store.stats()).toEqual({ subjectsTracked: 0, evictedLive: 0 })
  })

  it('idle subjects leave as new ones come', () => {
    const store = createMemoryStore()
    for (let i = 0; i < 100; i++) store.take(rule, `early ${i}`, startMs)
    for (let i = 0; i < 100; i++) store.take(rule, `late ${i}`, startMs + 61_000)
    expect(store.stats()).toEqual({ subjectsTracked: 100, evictedLive: 0 })
  })

  it('a charge to a counter that was forgotten is not given back to its successor', () => {
    const store = createMemoryStore(1)
    const early = store.take(rule, 'a', startMs)
    store.take(rule, 'b', startMs)
    store.take(rule, 'a', startMs)
    if (early.admitted) store.giveBack(rule, 'a', early)
    expect(store.take(rule, 'a', startMs).admitted).toBe(false)
  })

  it.each([0, -1, 1.5, Number.NaN])('%s is no number of subjects', (subjectsMax) => {
    expect(() => createMemoryStore(subjectsMax)).toThrow('subjectsMax must be a whole number from 1')
  })
})

it('a steady crowd at nine tenths of the limit is denied at most 1.6 % more than an exact log denies it', () => {
  const wide: LimitRule = { name: 'wide', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }
  const requests = 200_000
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 2 }), (seed) => {
      const store = createMemoryStore(1)
      const log = exactLog(wide.windowSeconds)
      let nowMs = startMs
      let random = seed
      let denied = 0
      let deniedExactly = 0
      for (let i = 0; i < requests; i++) {
        // Lehmer's generator: arrivals of a Poisson process that a seed reproduces.
        random = (random * 48_271) % (2 ** 31 - 1)
        nowMs -= Math.log(random / (2 ** 31 - 1)) * (1_000 / 0.9)
        if (!store.take(wide, 'a', nowMs).admitted) denied++
        if (log.countAt(nowMs) < wide.limit) log.note(nowMs, 1)
        else deniedExactly++
      }
      expect((denied - deniedExactly) / requests).toBeLessThanOrEqual(0.016)
    }),
    { numRuns: 5 },
  )
})
