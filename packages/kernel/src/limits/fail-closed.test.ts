import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { failClosed } from './fail-closed.ts'
import type { LimitRule } from './limit-rule.ts'
import type { LimitDecision, LimitStore } from './limit-store.ts'
import { createMemoryStore } from './memory-store.ts'

const refusing: LimitRule = { name: 'r', limit: 1, windowSeconds: 60, whenStoreFails: 'refuse' }
const admitting: LimitRule = { ...refusing, whenStoreFails: 'admit' }
const unavailable = { admitted: false, because: 'store_unavailable', retryAfterSeconds: 5 }
const uncounted = { admitted: true, counted: false }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A store as over a network: it counts in memory, and answers after a delay. */
function distantStore(delayMs: number): LimitStore {
  const store = createMemoryStore()
  const later = async <T>(answer: T): Promise<T> => {
    await new Promise((resolve) => void setTimeout(resolve, delayMs))
    return answer
  }
  return {
    take: (rule, subject, nowMs, cost) => later(store.take(rule, subject, nowMs, cost)),
    giveBack: (rule, subject, admitted) => later(store.giveBack(rule, subject, admitted)),
  }
}

function brokenStore(): LimitStore {
  return {
    take: () => Promise.reject(new Error('connection refused')),
    giveBack: () => Promise.reject(new Error('connection refused')),
  }
}

async function passing<T>(ms: number, answer: T | Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms)
  return answer
}

it.each<[promise: string, store: LimitStore, rule: LimitRule, decision: object]>([
  ['limiter-outage-refuses: a store that is down refuses', brokenStore(), refusing, unavailable],
  ['a store that is down admits where the rule says so', brokenStore(), admitting, uncounted],
  [
    'limiter-outage-refuses: a store that takes over 250 ms refuses',
    distantStore(251),
    refusing,
    unavailable,
  ],
  ['a store that takes over 250 ms admits where the rule says so', distantStore(251), admitting, uncounted],
])('%s, and the failure is reported', async (_promise, store, rule, decision) => {
  const failures: unknown[] = []
  const guarded = failClosed(store, (cause) => failures.push(cause))
  expect(await passing(250, guarded.take(rule, 'a', 0))).toEqual(decision)
  expect(failures).toEqual([expect.any(Error)])
})

it('a store that answers a millisecond sooner is believed', async () => {
  const guarded = failClosed(distantStore(249), assertNoFailure)
  expect(await passing(250, guarded.take(refusing, 'a', 0))).toMatchObject({ admitted: true, remaining: 0 })
  expect(await passing(250, guarded.take(refusing, 'a', 0))).toMatchObject({ because: 'limit_reached' })
})

it('an answer that comes too late to be used is given back', async () => {
  const store = distantStore(300)
  const guarded = failClosed(store, () => undefined)
  expect(await passing(250, guarded.take(refusing, 'a', 0))).toEqual(unavailable)
  await vi.advanceTimersByTimeAsync(350)
  expect(await passing(300, store.take(refusing, 'a', 0))).toMatchObject({ admitted: true })
})

it('a request that was let in keeps its late charge', async () => {
  const store = distantStore(300)
  const guarded = failClosed(store, () => undefined)
  expect(await passing(250, guarded.take(admitting, 'a', 0))).toEqual(uncounted)
  await vi.advanceTimersByTimeAsync(350)
  expect(await passing(300, store.take(admitting, 'a', 0))).toMatchObject({ admitted: false })
})

it('giving back through a store that is down fails no request, and is reported', async () => {
  const failures: unknown[] = []
  const guarded = failClosed(brokenStore(), (cause) => failures.push(cause))
  await guarded.giveBack(refusing, 'a', { admitted: true, counted: false })
  expect(failures).toEqual([new Error('connection refused')])
})

it('a store that answers at once is passed through without a promise', () => {
  const guarded = failClosed(createMemoryStore(), assertNoFailure)
  const decision = guarded.take(refusing, 'a', 0) as LimitDecision
  expect(decision).toMatchObject({ admitted: true, remaining: 0 })
  if (decision.admitted) expect(guarded.giveBack(refusing, 'a', decision)).toBeUndefined()
  expect(guarded.take(refusing, 'a', 0)).toMatchObject({ admitted: true, remaining: 0 })
})

it('a mistake of ours is not taken for an outage', () => {
  const guarded = failClosed(createMemoryStore(), assertNoFailure)
  expect(() => guarded.take({ ...refusing, limit: 0 }, 'a', 0)).toThrow('Limit rule')
})

function assertNoFailure(cause: unknown): never {
  throw new Error('The store was expected to answer', { cause })
}
