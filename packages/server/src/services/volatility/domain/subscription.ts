/** The plans that can be bought; later ones are better. */
export const paidPlans = ['pro', 'desk'] as const
export type PaidPlan = (typeof paidPlans)[number]

export const subscriptionStatuses = ['trialing', 'active', 'past_due', 'paused', 'canceled'] as const
export type SubscriptionStatus = (typeof subscriptionStatuses)[number]

/** An event about a subscription, with the members that affect a plan. */
export type SubscriptionEvent = {
  readonly eventId: string
  /** RFC 3339 in UTC, unchanged, because it is more precise than milliseconds. */
  readonly occurredAt: string
  readonly status: SubscriptionStatus
  readonly priceIds: readonly string[]
  /** End of the period that has been paid for. */
  readonly periodEndsMs: number | null
}

/** The plan that each price buys; other prices are unknown. */
export type PricePlans = ReadonlyMap<string, PaidPlan>

export type Subscription = {
  readonly eventId: string
  readonly occurredAt: string
  readonly status: SubscriptionStatus
  readonly plan: PaidPlan
  readonly periodEndsMs: number | null
  /** Since when payment has been continuously overdue; null if it is not. */
  readonly pastDueSinceMs: number | null
}

const dayMs = 86_400_000
/** The number of days for which a plan is kept while payment is overdue (specification 13). */
const pastDueDays = 7

/**
 * The state of a subscription after all its known events, sorted by time of occurrence and id, so that order and
 * repetition of delivery do not matter. An event with only unknown prices changes nothing. Undefined if there are no
 * other events.
 */
export function foldSubscription(
  events: readonly SubscriptionEvent[],
  prices: PricePlans,
): Subscription | undefined {
  let state: Subscription | undefined
  let last: SubscriptionEvent | undefined
  for (const event of events.toSorted(inOrder)) {
    if (event.eventId === last?.eventId) continue
    last = event
    const plan = bestOf(event.priceIds.flatMap((price) => prices.get(price) ?? []))
    if (plan === undefined) continue
    state = {
      eventId: event.eventId,
      occurredAt: event.occurredAt,
      status: event.status,
      plan,
      periodEndsMs: event.periodEndsMs,
      pastDueSinceMs:
        event.status === 'past_due' ? (state?.pastDueSinceMs ?? Date.parse(event.occurredAt)) : null,
    }
  }
  return state
}

export type PlanNow = {
  readonly plan: PaidPlan | 'free'
  /** When it changes without a further event; null if it does not. */
  readonly untilMs: number | null
}

/** The plan that a subscription gives at a moment. */
export function planOf({ status, plan, periodEndsMs, pastDueSinceMs }: Subscription, nowMs: number): PlanNow {
  switch (status) {
    case 'trialing':
    case 'active':
      return { plan, untilMs: null }
    case 'past_due':
      return until((pastDueSinceMs ?? 0) + pastDueDays * dayMs)
    case 'canceled':
      return until(periodEndsMs ?? 0)
    case 'paused':
      return { plan: 'free', untilMs: null }
  }

  function until(endMs: number): PlanNow {
    return nowMs < endMs ? { plan, untilMs: endMs } : { plan: 'free', untilMs: null }
  }
}

/** The best plan of several subscriptions; if several give it, the one that lasts longest. */
export function bestPlan(subscriptions: readonly Subscription[], nowMs: number): PlanNow {
  return subscriptions
    .map((subscription) => planOf(subscription, nowMs))
    .reduce<PlanNow>(
      (best, one) => {
        const [a, b] = [rankOf(best.plan), rankOf(one.plan)]
        if (b > a) return one
        return b === a && lasts(one) > lasts(best) ? one : best
      },
      { plan: 'free', untilMs: null },
    )
}

/** Compares RFC 3339 times in UTC of any precision, then ids. */
export function inOrder(
  a: Pick<SubscriptionEvent, 'occurredAt' | 'eventId'>,
  b: Pick<SubscriptionEvent, 'occurredAt' | 'eventId'>,
): number {
  const [x, y] = [sortable(a.occurredAt), sortable(b.occurredAt)]
  if (x !== y) return x < y ? -1 : 1
  if (a.eventId === b.eventId) return 0
  return a.eventId < b.eventId ? -1 : 1
}

/** Pads fractional digits, because as plain text `…05.1Z` would sort before `…05Z`. */
function sortable(instant: string): string {
  const [, second = instant, fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(instant) ?? []
  return `${second}.${fraction.padEnd(9, '0')}`
}

function bestOf(plans: readonly PaidPlan[]): PaidPlan | undefined {
  return plans.toSorted((a, b) => rankOf(b) - rankOf(a))[0]
}

function rankOf(plan: PlanNow['plan']): number {
  return plan === 'free' ? 0 : 1 + paidPlans.indexOf(plan)
}

function lasts({ untilMs }: PlanNow): number {
  return untilMs ?? Number.POSITIVE_INFINITY
}
