/** The limits of a plan (specification 2.2). */
export type VolatilityPlan = {
  readonly requestsPerMinute: number
  readonly backtestsPerMinute: number
  /** Open stream connections. */
  readonly connectionsMax: number
  /** Pairs of symbol and timeframe per connection. */
  readonly pairsMax: number
  readonly subscriptionsMax: number
  readonly presetsMax: number
  readonly keysMax: number
}

export const volatilityPlans = {
  free: {
    requestsPerMinute: 60,
    backtestsPerMinute: 2,
    connectionsMax: 1,
    pairsMax: 20,
    subscriptionsMax: 0,
    presetsMax: 0,
    keysMax: 2,
  },
  pro: {
    requestsPerMinute: 600,
    backtestsPerMinute: 10,
    connectionsMax: 5,
    pairsMax: 120,
    subscriptionsMax: 10,
    presetsMax: 5,
    keysMax: 5,
  },
  desk: {
    requestsPerMinute: 3_000,
    backtestsPerMinute: 60,
    connectionsMax: 50,
    pairsMax: 120,
    subscriptionsMax: 100,
    presetsMax: 50,
    keysMax: 25,
  },
  unlimited: {
    requestsPerMinute: 60_000,
    backtestsPerMinute: 600,
    connectionsMax: 500,
    pairsMax: 120,
    subscriptionsMax: 1_000,
    presetsMax: 500,
    keysMax: 100,
  },
} as const satisfies Readonly<Record<string, VolatilityPlan>>
