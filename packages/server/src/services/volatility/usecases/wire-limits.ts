import type { VolatilityPlan } from '../plans.ts'

/** The limits of a plan in the form of replies. */
export function toWireLimits(plan: VolatilityPlan) {
  return {
    requests_per_minute: plan.requestsPerMinute,
    backtests_per_minute: plan.backtestsPerMinute,
    connections: plan.connectionsMax,
    pairs_per_connection: plan.pairsMax,
    subscriptions: plan.subscriptionsMax,
    presets: plan.presetsMax,
    keys: plan.keysMax,
  }
}
