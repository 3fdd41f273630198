import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LimitRule, LimitStore } from './limit-store.ts'

const rule: LimitRule = { name: 'r', limit: 5, windowSeconds: 60, whenStoreFails: 'refuse' }
const startMs = Date.UTC(2026, 0, 1)

/** What every limit store promises; each store's own test file runs it. */
export function describeLimitStore(name: string, open: () => Promise<LimitStore>): void {
  describe(name, () => {
    it('the limit is admitted and the next request is refused', async () => {
      const store = await open()
      const admitted = []
      for (let i = 0; i < 6; i += 1) admitted.push((await store.take(rule, 'a', startMs)).admitted)
      expect(admitted).toEqual([true, true, true, true, true, false])
    })

    it('one subject or rule does not use up another', async () => {
      const store = await open()
      for (let i = 0; i < 6; i += 1) await store.take(rule, 'a', startMs)
      expect((await store.take(rule, 'b', startMs)).admitted).toBe(true)
      expect((await store.take({ ...rule, name: 's' }, 'a', startMs)).admitted).toBe(true)
    })

    it('a refusal says when a request is admitted again, and one second earlier it is not', async () => {
      const store = await open()
      for (let i = 0; i < 5; i += 1) await store.take(rule, 'a', startMs + i * 7_300)
      const askedMs = startMs + 40_000
      const refused = await store.take(rule, 'a', askedMs)
      if (refused.admitted) throw new Error('expected a refusal')
      const { retryAfterSeconds } = refused
      expect((await store.take(rule, 'a', askedMs + (retryAfterSeconds - 1) * 1000)).admitted).toBe(false)
      expect((await store.take(rule, 'a', askedMs + retryAfterSeconds * 1000)).admitted).toBe(true)
    })

    it('a charge given back can be taken again', async () => {
      const store = await open()
      for (let i = 0; i < 5; i += 1) {
        const charge = await store.take(rule, 'a', startMs)
        if (!charge.admitted) throw new Error('expected to be admitted')
        if (i === 2) await store.giveBack(rule, 'a', charge)
      }
      expect((await store.take(rule, 'a', startMs)).admitted).toBe(true)
      expect((await store.take(rule, 'a', startMs)).admitted).toBe(false)
    })

    it('giving back after the window has passed changes nothing', async () => {
      const store = await open()
      const charge = await store.take(rule, 'a', startMs)
      if (!charge.admitted) throw new Error('expected to be admitted')
      const laterMs = startMs + 200_000
      for (let i = 0; i < 5; i += 1) await store.take(rule, 'a', laterMs)
      await store.giveBack(rule, 'a', charge)
      expect((await store.take(rule, 'a', laterMs)).admitted).toBe(false)
    })

    it('no window ever exceeds its limit, whatever the times, refunds and steps of the clock', async () => {
      const step = fc.record({ waitMs: fc.integer({ min: -3_000, max: 15_000 }), burst: fc.integer({ min: 1, max: 8 }), refund: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
          const store = await open()
          const kept: number[] = []
          let nowMs = startMs
          let latestMs = startMs
          for (const { waitMs, burst, refund } of steps) {
            nowMs += waitMs
            latestMs = Math.max(latestMs, nowMs)
            for (let i = 0; i < burst; i += 1) {
              const decision = await store.take(rule, 'a', nowMs)
              if (!decision.admitted) continue
              if (refund && i === 0) await store.giveBack(rule, 'a', decision)
              else kept.push(latestMs)
            }
            // The exact log: everything admitted within the trailing window, refunds aside.
            const inWindow = kept.filter((atMs) => atMs > latestMs - rule.windowSeconds * 1000).length
            expect(inWindow).toBeLessThanOrEqual(rule.limit)
          }
        }),
        { numRuns: 200 },
      )
    })
  })
}
