export type PlanName = 'free' | 'pro' | 'business' | 'unlimited'

/** Limits of a plan; null means unlimited. */
export type PlanLimits = {
  readonly monitorsMax: number | null
  readonly intervalSecondsMin: number
  readonly channelsMax: number | null
  readonly channelTypes: 'all' | readonly string[]
  readonly pagesMax: number | null
  /** Of one status page. */
  readonly subscribersMax: number | null
  /** Whether a status page may have a domain of its own. */
  readonly customDomains: boolean
}

/** The published plans, and the one of a self-hosted instance (specification 10). */
export const plans = {
  free: {
    monitorsMax: 5,
    intervalSecondsMin: 300,
    channelsMax: 5,
    channelTypes: ['email', 'slack', 'discord', 'webhook'],
    pagesMax: 1,
    subscribersMax: 100,
    customDomains: false,
  },
  pro: {
    monitorsMax: 50,
    intervalSecondsMin: 60,
    channelsMax: 15,
    channelTypes: 'all',
    pagesMax: 5,
    subscribersMax: 1_000,
    customDomains: true,
  },
  business: {
    monitorsMax: 500,
    intervalSecondsMin: 60,
    channelsMax: 50,
    channelTypes: 'all',
    pagesMax: 50,
    subscribersMax: 10_000,
    customDomains: true,
  },
  unlimited: {
    monitorsMax: null,
    intervalSecondsMin: 60,
    channelsMax: null,
    channelTypes: 'all',
    pagesMax: null,
    subscribersMax: null,
    customDomains: true,
  },
} as const satisfies Readonly<Record<PlanName, PlanLimits>>
