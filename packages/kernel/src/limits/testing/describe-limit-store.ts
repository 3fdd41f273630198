import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LimitRule } from '../limit-rule.ts'
import type { Admitted, LimitDecision, LimitReached, LimitStore } from '../limit-store.ts'
import { exactLog } from './exact-log.ts'

const rule: LimitRule = { name: 'r', limit: 5, windowSeconds: 60, whenStoreFails: 'refuse' }
// The start of a sub-bucket of every window used here.
const startMs = Date.UTC(2026, 0, 1)

type Step = {
  readonly afterMs: number
  readonly requests: number
  readonly cost: number
  /** Which of the admissions so far, as a fraction of them, is given back after the requests. */
  readonly givenBack: number | undefined
}

const steps = fc.array(
  fc.record<Step>({
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: -30_000, max: 70_000 }),
      fc.constantFrom(0, 1, 999, 1_000, 1_001, 59_999, 60_000, 60_001, 60_999, 61_000),
    ),
    requests: fc.integer({ min: 1, max: 8 }),
    cost: fc.integer({ min: 1, max: 3 }),
    givenBack: fc.option(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 30 },
)

const rules = fc.record<LimitRule>({
  name: fc.constant('r'),
  limit: fc.integer({ min: 3, max: 12 }),
  // 7 s does not divide into whole milliseconds.
  windowSeconds: fc.constantFrom(1, 7, 60),
  whenStoreFails: fc.constant('refuse'),
})

/** What every limit store promises. `open` gives an empty store; each store's own test runs this. */
export function describeLimitStore(name: string, open: () => LimitStore | Promise<LimitStore>): void {
  describe(name, () => {
    it('the limit is admitted, counting down, and the next request is refused', async () => {
      const store = await open()
      const remaining = []
      for (let i = 0; i < 5; i++) remaining.push(await store.take(rule, 'a', startMs))
      expect(remaining).toMatchObject(
        [4, 3, 2, 1, 0].map((left) => ({ admitted: true, limit: 5, remaining: left })),
      )
      expect(await store.take(rule, 'a', startMs)).toMatchObject({
        admitted: false,
        because: 'limit_reached',
        limit: 5,
        remaining: 0,
      })
    })

    it.each<[promise: string, rule: LimitRule, subject: string]>([
      ['another subject is counted apart', rule, 'b'],
      ['another rule counts the same subject apart', { ...rule, name: 's' }, 'a'],
      ['another window counts the same subject apart', { ...rule, windowSeconds: 10 }, 'a'],
    ])('%s', async (_promise, otherRule, subject) => {
      const store = await open()
      await exhaust(store, startMs)
      expect(await store.take(otherRule, subject, startMs)).toMatchObject({ admitted: true, remaining: 4 })
    })

    it('rules of one name and window share a count, each against its own limit', async () => {
      const store = await open()
      await exhaust(store, startMs)
      const wider = await store.take({ ...rule, limit: 7 }, 'a', startMs + 30_000)
      expect(wider).toMatchObject({ admitted: true, limit: 7, remaining: 1 })
      const narrower = await store.take({ ...rule, limit: 1 }, 'a', startMs + 30_000)
      expect(narrower).toMatchObject({ admitted: false, limit: 1, remaining: 0, resetSeconds: 61 })
    })

    it('a request counts until its whole sub-bucket has left the window, and no millisecond longer', async () => {
      const store = await open()
      await exhaust(store, startMs + 999)
      expect((await store.take(rule, 'a', startMs + 60_999)).admitted).toBe(false)
      expect(await store.take(rule, 'a', startMs + 61_000)).toMatchObject({ admitted: true, remaining: 4 })
    })

    it('a refused request costs nothing', async () => {
      const store = await open()
      await exhaust(store, startMs)
      for (let second = 1; second <= 60; second++) await store.take(rule, 'a', startMs + second * 1000)
      expect(await store.take(rule, 'a', startMs + 61_000)).toMatchObject({ admitted: true, remaining: 4 })
    })

    it('a request may cost up to the whole limit, and one that never could be admitted is our mistake', async () => {
      const store = await open()
      expect(await store.take(rule, 'a', startMs, 5)).toMatchObject({ admitted: true, remaining: 0 })
      for (const cost of [0, 1.5, 6, Number.NaN])
        await expect(async () => store.take(rule, 'b', startMs, cost)).rejects.toThrow(
          'cost must be a whole number',
        )
    })

    it('a rule that cannot be kept is our mistake', async () => {
      const store = await open()
      for (const broken of [{ limit: 0 }, { windowSeconds: 0 }, { windowSeconds: 3_601 }, { name: 'a"b' }])
        await expect(async () => store.take({ ...rule, ...broken }, 'a', startMs)).rejects.toThrow(
          'Limit rule',
        )
    })

    it('a charge given back can be taken again, once', async () => {
      const store = await open()
      const [, second] = await exhaust(store, startMs)
      await store.giveBack(rule, 'a', toAdmitted(second))
      await store.giveBack(rule, 'a', toAdmitted(second))
      expect((await store.take(rule, 'a', startMs)).admitted).toBe(true)
      expect((await store.take(rule, 'a', startMs)).admitted).toBe(false)
    })

    it('a charge is given back to the sub-bucket that was charged', async () => {
      const store = await open()
      const early = await store.take(rule, 'a', startMs, 2)
      await store.take(rule, 'a', startMs + 30_000, 3)
      await store.giveBack(rule, 'a', toAdmitted(early))
      await store.take(rule, 'a', startMs + 30_000, 2)
      // Had the later bucket been credited instead, two would come free when the early one leaves.
      expect((await store.take(rule, 'a', startMs + 61_000)).admitted).toBe(false)
      expect((await store.take(rule, 'a', startMs + 91_000)).admitted).toBe(true)
    })

    it('a charge given back after its window has passed changes nothing', async () => {
      const store = await open()
      const early = await store.take(rule, 'a', startMs)
      await exhaust(store, startMs + 61_000)
      await store.giveBack(rule, 'a', toAdmitted(early))
      expect((await store.take(rule, 'a', startMs + 61_000)).admitted).toBe(false)
    })

    it('a clock that runs backwards opens nothing', async () => {
      const store = await open()
      await exhaust(store, startMs)
      expect(await store.take(rule, 'a', startMs - 3_600_000)).toMatchObject({
        admitted: false,
        retryAfterSeconds: 3_661,
      })
      expect((await store.take(rule, 'a', startMs + 60_999)).admitted).toBe(false)
    })

    it('no-window-ever-exceeds-its-limit, whatever the bursts, refunds and steps of the clock', async () => {
      await fc.assert(
        fc.asyncProperty(rules, steps, async (anyRule, anySteps) => {
          const store = await open()
          const log = exactLog(anyRule.windowSeconds)
          const admissions: { readonly admitted: Admitted; readonly strike: () => void }[] = []
          let nowMs = startMs
          let latestMs = Number.NEGATIVE_INFINITY
          for (const { afterMs, requests, cost, givenBack } of anySteps) {
            nowMs += afterMs
            latestMs = Math.max(latestMs, nowMs)
            for (let i = 0; i < requests; i++) {
              const decision = await store.take(anyRule, 'a', nowMs, cost)
              if (decision.admitted) admissions.push({ admitted: decision, strike: log.note(latestMs, cost) })
            }
            expect(log.countAt(latestMs)).toBeLessThanOrEqual(anyRule.limit)
            const chosen = admissions[Math.floor((givenBack ?? 1) * admissions.length)]
            if (chosen === undefined) continue
            await store.giveBack(anyRule, 'a', chosen.admitted)
            chosen.strike()
          }
        }),
      )
    })

    it('what a store says of the future comes true to the second', async () => {
      await fc.assert(
        fc.asyncProperty(rules, steps, async (anyRule, anySteps) => {
          const { nowMs, refused } = await playUntilRefused(await open(), anyRule, anySteps)
          if (refused === undefined) return
          const { cost, decision } = refused
          const askAfter = async (seconds: number, askedCost: number) => {
            const store = await open()
            await playUntilRefused(store, anyRule, anySteps)
            return store.take(anyRule, 'a', nowMs + seconds * 1000, askedCost)
          }
          const { retryAfterSeconds, resetSeconds, remaining } = decision
          expect(retryAfterSeconds).toBeGreaterThanOrEqual(resetSeconds)
          expect(resetSeconds).toBeGreaterThanOrEqual(1)
          expect((await askAfter(retryAfterSeconds, cost)).admitted).toBe(true)
          expect((await askAfter(resetSeconds, remaining + 1)).admitted).toBe(true)
          if (retryAfterSeconds > 1)
            expect((await askAfter(retryAfterSeconds - 1, cost)).admitted).toBe(false)
          if (resetSeconds > 1) expect((await askAfter(resetSeconds - 1, remaining + 1)).admitted).toBe(false)
        }),
      )
    })
  })
}

async function exhaust(store: LimitStore, nowMs: number): Promise<LimitDecision[]> {
  const decisions = []
  for (let i = 0; i < rule.limit; i++) decisions.push(await store.take(rule, 'a', nowMs))
  return decisions
}

function toAdmitted(decision: LimitDecision | undefined): Admitted {
  if (decision?.admitted !== true) throw new Error('An admission was expected')
  return decision
}

type Played = {
  readonly nowMs: number
  readonly refused?: { readonly cost: number; readonly decision: LimitReached }
}

async function playUntilRefused(
  store: LimitStore,
  anyRule: LimitRule,
  anySteps: readonly Step[],
): Promise<Played> {
  const admissions: Admitted[] = []
  let nowMs = startMs
  for (const { afterMs, requests, cost, givenBack } of anySteps) {
    nowMs += afterMs
    for (let i = 0; i < requests; i++) {
      const decision = await store.take(anyRule, 'a', nowMs, cost)
      if (decision.admitted) admissions.push(decision)
      else if (decision.because === 'limit_reached') return { nowMs, refused: { cost, decision } }
    }
    const chosen = admissions[Math.floor((givenBack ?? 1) * admissions.length)]
    if (chosen !== undefined) await store.giveBack(anyRule, 'a', chosen)
  }
  return { nowMs }
}
