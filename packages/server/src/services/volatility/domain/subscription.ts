/** What a plan may be called by a price; the later of two is the better one. */
export const paidPlans = ['pro', 'desk'] as const
export type PaidPlan = (typeof paidPlans)[number]

export const subscriptionStatuses = ['trialing', 'active', 'past_due', 'paused', 'canceled'] as const
export type SubscriptionStatus = (typeof subscriptionStatuses)[number]

/** One event of a subscription, as far as a plan depends on it. */
export type SubscriptionEvent = {
  readonly eventId: string
  /** As the sender wrote it, RFC 3339 in UTC: more exact than milliseconds. */
  readonly occurredAt: string
  readonly status: SubscriptionStatus
  readonly priceIds: readonly string[]
  /** The end of what has been paid for. */
  readonly periodEndsMs: number | null
}

/** Which plan a price buys; a price that is not in it is unknown. */
export type PricePlans = ReadonlyMap<string, PaidPlan>

export type Subscription = {
  readonly eventId: string
  readonly occurredAt: string
  readonly status: SubscriptionStatus
  readonly plan: PaidPlan
  readonly periodEndsMs: number | null
  /** Since when payment has been due without a break; null where it is not. */
  readonly pastDueSinceMs: number | null
}

const dayMs = 86_400_000
/** How long a plan is kept while payment is due (specification 13). */
const pastDueDays = 7

/**
 * The state of one subscription after all events that are known of it: sorted by when they occurred and then by id, so that
 * it does not matter in which order and how often they came. An event with prices that are all unknown changes nothing.
 * Undefined where nothing else was told.
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
  /** When time alone makes it another one; null where it does not. */
  readonly untilMs: number | null
}

/** The plan that a subscription gives now. */
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

/** Of several subscriptions the best counts; where one plan is given by several, the one that lasts longest. */
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

/** Compares RFC 3339 texts in UTC of any precision, then ids. */
export function inOrder(
  a: Pick<SubscriptionEvent, 'occurredAt' | 'eventId'>,
  b: Pick<SubscriptionEvent, 'occurredAt' | 'eventId'>,
): number {
  const [x, y] = [sortable(a.occurredAt), sortable(b.occurredAt)]
  if (x !== y) return x < y ? -1 : 1
  if (a.eventId === b.eventId) return 0
  return a.eventId < b.eventId ? -1 : 1
}

/** Digits after the point, padded: `…05Z` comes before `…05.1Z`, which texts alone would not tell. */
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
