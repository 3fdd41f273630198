import type { Domain } from './interaction.ts'
import type { Parameters } from './parameters.ts'

export const routes = ['auto', 'async_review', 'must_review', 'policy_blocked'] as const

/** What happens to a decision, least restrictive first. */
export type Route = (typeof routes)[number]

export type RouteThresholds = readonly [asyncReview: number, mustReview: number]

export function toRoute(score: number, [asyncReview, mustReview]: RouteThresholds): Route {
  if (score < asyncReview) return 'auto'
  return score < mustReview ? 'async_review' : 'must_review'
}

export function higherRoute(a: Route, b: Route): Route {
  return routes.indexOf(a) >= routes.indexOf(b) ? a : b
}

// Domains that affect people's livelihoods and are subject to appeal.
const ownStakes = {
  employment: 0.75,
  government: 0.75,
  housing: 0.65,
  education: 0.6,
  insurance: 0.6,
} as const

/** Default stakes of a domain, 0 to 1, if neither the caller nor the organisation sets them. */
export function defaultStakes(domain: Domain, { drs }: Parameters): number {
  return { ...ownStakes, ...drs.stakes }[domain]
}
