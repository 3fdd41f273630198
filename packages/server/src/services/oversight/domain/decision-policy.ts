import { defaultTriggers, type Trigger } from './triggers.ts'
import type { Domain } from './interaction.ts'
import { defaultStakes, type Route, type RouteThresholds } from './route.ts'
import type { Parameters } from './parameters.ts'

/** Who is to look at a decision that waits: nobody in particular, one person, or whoever of a pool has fewest to do. */
export type AssigneeRule =
  | { readonly rule: 'none' }
  | { readonly rule: 'person'; readonly reviewerId: string }
  | { readonly rule: 'fewest_open'; readonly pool: string }

/** Stands for a reviewer whose record was erased, so that a pool which held them is as closed as before. */
export const erasedReviewer = 'erased'

/** How an organisation routes its decisions; a version of it never changes (specification 7). */
export type DecisionPolicy = {
  readonly thresholds: RouteThresholds
  readonly stakes: Readonly<Partial<Record<Domain, number>>>
  readonly triggers: readonly Trigger[]
  /** The reviewers of each pool. */
  readonly pools: Readonly<Record<string, readonly string[]>>
  readonly assignee: AssigneeRule
  readonly expirySeconds: { readonly asyncReview: number; readonly mustReview: number }
  /** Where an async_review goes when nobody looked in time; a must_review is always blocked. */
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

/** How long a decision waits, and where it goes when nobody looked. */
export function waitingRuleOf(
  { expirySeconds, asyncFallback }: DecisionPolicy,
  route: WaitingRoute,
): { readonly seconds: number; readonly fallback: Extract<Route, 'auto' | 'policy_blocked'> } {
  return route === 'must_review'
    ? { seconds: expirySeconds.mustReview, fallback: 'policy_blocked' }
    : { seconds: expirySeconds.asyncReview, fallback: asyncFallback }
}

/** The pool whose reviewers may look, if there is one of that name that anybody was put into. */
export function reviewersOf({ pools }: DecisionPolicy, pool: string | null): readonly string[] | null {
  const reviewers = pool !== null && Object.hasOwn(pools, pool) ? pools[pool] : undefined
  if (reviewers === undefined || reviewers.length === 0) return null
  return reviewers.filter((id) => id !== erasedReviewer)
}

/** The same policy without a person: it routes, and closes its pools, as it did. */
export function forgetReviewer(policy: DecisionPolicy, reviewerId: string): DecisionPolicy {
  const { pools, assignee } = policy
  const toForgotten = (id: string): string => (id === reviewerId ? erasedReviewer : id)
  return {
    ...policy,
    pools: Object.fromEntries(Object.entries(pools).map(([name, ids]) => [name, ids.map(toForgotten)])),
    assignee: assignee.rule === 'person' && assignee.reviewerId === reviewerId ? { rule: 'none' } : assignee,
  }
}
