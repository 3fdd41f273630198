import { assert, property, shuffledSubarray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestPlan,
  foldSubscription,
  planOf,
  type Subscription,
  type SubscriptionEvent,
} from './subscription.ts'

const prices = new Map([
  ['pri_pro', 'pro'],
  ['pri_desk', 'desk'],
] as const)
const dayMs = 86_400_000
const startMs = Date.UTC(2026, 0, 1)
const atDay = (day: number): string => new Date(startMs + day * dayMs).toISOString()

function event(eventId: string, day: number, more: Partial<SubscriptionEvent> = {}): SubscriptionEvent {
  return {
    eventId,
    occurredAt: atDay(day),
    status: 'active',
    priceIds: ['pri_pro'],
    periodEndsMs: startMs + 30 * dayMs,
    ...more,
  }
}

const life = [
  event('evt_1', 0, { status: 'trialing' }),
  event('evt_2', 3),
  event('evt_3', 10, { status: 'past_due' }),
  event('evt_4', 12, { status: 'past_due' }),
  event('evt_5', 12, { status: 'past_due', priceIds: ['pri_desk'] }),
  event('evt_6', 13, { status: 'active', priceIds: ['pri_else'] }),
]

describe('a subscription', () => {
  it('is the same whatever order its events came in, and however often', () => {
    const expected = foldSubscription(life, prices)
    expect(expected).toMatchObject({ eventId: 'evt_5', plan: 'desk', pastDueSinceMs: startMs + 10 * dayMs })
    assert(
      property(shuffledSubarray([...life, ...life, ...life], { minLength: 18 }), (told) => {
        expect(foldSubscription(told, prices)).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })

  it('takes of two events in one moment the one with the greater id, and tells moments apart that a millisecond holds', () => {
    const [a, b] = [event('evt_a', 1), event('evt_b', 1, { status: 'paused' })]
    expect(foldSubscription([b, a], prices)?.status).toBe('paused')
    const early = { ...a, eventId: 'evt_z', occurredAt: '2026-01-02T03:04:05.678901Z' }
    const late = { ...b, eventId: 'evt_y', occurredAt: '2026-01-02T03:04:05.678902Z' }
    expect(foldSubscription([late, early], prices)?.eventId).toBe('evt_y')
    const whole = { ...early, occurredAt: '2026-01-02T03:04:05Z' }
    expect(foldSubscription([late, whole], prices)?.eventId).toBe('evt_y')
  })

  it('changes nothing by a price that is not known', () => {
    expect(foldSubscription([event('evt_1', 0, { priceIds: ['pri_else'] })], prices)).toBeUndefined()
  })
})

describe('the plan that a subscription gives', () => {
  const active: Subscription = {
    eventId: 'evt_1',
    occurredAt: atDay(0),
    status: 'active',
    plan: 'pro',
    periodEndsMs: startMs + 30 * dayMs,
    pastDueSinceMs: null,
  }
  const pastDue: Subscription = { ...active, status: 'past_due', pastDueSinceMs: startMs }

  it.each<[string, Subscription, number, string]>([
    ['active', active, 400, 'pro'],
    ['trialing', { ...active, status: 'trialing' }, 1, 'pro'],
    ['paused', { ...active, status: 'paused' }, 1, 'free'],
    ['past due, on the seventh day', pastDue, 6.99, 'pro'],
    ['past due, after seven days', pastDue, 7, 'free'],
    ['canceled, before its period ends', { ...active, status: 'canceled' }, 29.9, 'pro'],
    ['canceled, once it has', { ...active, status: 'canceled' }, 30, 'free'],
  ])('%s', (_promise, subscription, day, plan) => {
    expect(planOf(subscription, startMs + day * dayMs).plan).toBe(plan)
  })

  it('of several is the best, as long as any of them gives it', () => {
    const canceled: Subscription = { ...active, status: 'canceled' }
    expect(bestPlan([canceled, { ...active, plan: 'desk' }, active], startMs)).toEqual({
      plan: 'desk',
      untilMs: null,
    })
    expect(bestPlan([canceled, active], startMs)).toEqual({ plan: 'pro', untilMs: null })
    expect(bestPlan([], startMs)).toEqual({ plan: 'free', untilMs: null })
  })
})
