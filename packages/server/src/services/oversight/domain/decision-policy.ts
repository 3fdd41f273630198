import { defaultTriggers, type Trigger } from './triggers.ts'
import type { Domain } from './interaction.ts'
import { defaultStakes, type Route, type RouteThresholds } from './route.ts'
import type { Parameters } from './parameters.ts'

/**
 * The assignment rule for held decisions: nobody in particular, one person, or the pool member with the fewest open
 * ones.
 */
export type AssigneeRule =
  | { readonly rule: 'none' }
  | { readonly rule: 'person'; readonly reviewerId: string }
  | { readonly rule: 'fewest_open'; readonly pool: string }

/** Replaces an erased reviewer, so that a pool with only that reviewer stays closed to others. */
export const erasedReviewer = 'erased'

/** An organisation's routing policy; a version never changes (specification 7). */
export type DecisionPolicy = {
  readonly thresholds: RouteThresholds
  readonly stakes: Readonly<Partial<Record<Domain, number>>>
  readonly triggers: readonly Trigger[]
  /** The reviewers of each pool. */
  readonly pools: Readonly<Record<string, readonly string[]>>
  readonly assignee: AssigneeRule
  readonly expirySeconds: { readonly asyncReview: number; readonly mustReview: number }
  /** The route of an async_review that expires unreviewed; a must_review that expires is always blocked. */
  readonly asyncFallback: Extract<Route, 'auto' | 'policy_blocked'>
}

export type VersionedPolicy = { readonly version: number; readonly policy: DecisionPolicy }

export const defaultExpirySeconds = { asyncReview: 259_200, mustReview: 14_400 } as const

export function defaultPolicy({ drs }: Parameters): DecisionPolicy {
  return {
    thresholds: drs.routes,
    stakes: {},
    triggers: defaultTriggers,
    pools: {},
    assignee: { rule: 'none' },
    expirySeconds: defaultExpirySeconds,
    asyncFallback: 'policy_blocked',
  }
}

export function stakesOf({ stakes }: DecisionPolicy, domain: Domain, parameters: Parameters): number {
  return stakes[domain] ?? defaultStakes(domain, parameters)
}

export type WaitingRoute = Extract<Route, 'async_review' | 'must_review'>

/** How long a decision waits on a route, and the route it falls back to. */
export function waitingRuleOf(
  { expirySeconds, asyncFallback }: DecisionPolicy,
  route: WaitingRoute,
): { readonly seconds: number; readonly fallback: Extract<Route, 'auto' | 'policy_blocked'> } {
  return route === 'must_review'
    ? { seconds: expirySeconds.mustReview, fallback: 'policy_blocked' }
    : { seconds: expirySeconds.asyncReview, fallback: asyncFallback }
}

/** The reviewers of the pool of that name; null if there is none or it is empty. */
export function reviewersOf({ pools }: DecisionPolicy, pool: string | null): readonly string[] | null {
  const reviewers = pool !== null && Object.hasOwn(pools, pool) ? pools[pool] : undefined
  if (reviewers === undefined || reviewers.length === 0) return null
  return reviewers.filter((id) => id !== erasedReviewer)
}

/** The policy with a person removed. It routes as before, and pools that were restricted stay restricted. */
export function forgetReviewer(policy: DecisionPolicy, reviewerId: string): DecisionPolicy {
  const { pools, assignee } = policy
  const toForgotten = (id: string): string => (id === reviewerId ? erasedReviewer : id)
  return {
    ...policy,
    pools: Object.fromEntries(Object.entries(pools).map(([name, ids]) => [name, ids.map(toForgotten)])),
    assignee: assignee.rule === 'person' && assignee.reviewerId === reviewerId ? { rule: 'none' } : assignee,
  }
}
