export type PlanName = 'free' | 'pro' | 'business' | 'unlimited'

/** What one plan allows; null means without limit. */
export type PlanLimits = {
  /** The plan's name in replies. */
  readonly wireName: 'free' | 'pro' | 'business'
  readonly monitorsMax: number | null
  readonly intervalSecondsMin: number
  readonly channelsMax: number | null
  readonly channelTypes: 'all' | readonly string[]
  readonly pagesMax: number | null
  readonly subscribersPerPageMax: number | null
  readonly locationsPerMonitorMax: number
  readonly webhookSubscriptionsMax: number | null
  /** Screenshots, custom domains, reset of statistics, invitations. */
  readonly extras: boolean
  /** How far back the audit log can be read; 0 where it cannot. */
  readonly auditDays: number
}

/** The published plans, and the one of a self-hosted instance (specification 10). */
export const plans = {
  free: {
    wireName: 'free',
    monitorsMax: 5,
    intervalSecondsMin: 300,
    channelsMax: 5,
    channelTypes: ['email', 'slack', 'discord', 'webhook'],
    pagesMax: 1,
    subscribersPerPageMax: 100,
    locationsPerMonitorMax: 1,
    webhookSubscriptionsMax: 2,
    extras: false,
    auditDays: 0,
  },
  pro: {
    wireName: 'pro',
    monitorsMax: 50,
    intervalSecondsMin: 60,
    channelsMax: 15,
    channelTypes: 'all',
    pagesMax: 5,
    subscribersPerPageMax: 1_000,
    locationsPerMonitorMax: 3,
    webhookSubscriptionsMax: 10,
    extras: true,
    auditDays: 90,
  },
  business: {
    wireName: 'business',
    monitorsMax: 500,
    intervalSecondsMin: 60,
    channelsMax: 50,
    channelTypes: 'all',
    pagesMax: 50,
    subscribersPerPageMax: 10_000,
    locationsPerMonitorMax: 20,
    webhookSubscriptionsMax: 50,
    extras: true,
    auditDays: 180,
  },
  unlimited: {
    wireName: 'business',
    monitorsMax: null,
    intervalSecondsMin: 60,
    channelsMax: null,
    channelTypes: 'all',
    pagesMax: null,
    subscribersPerPageMax: null,
    locationsPerMonitorMax: 20,
    webhookSubscriptionsMax: null,
    extras: true,
    auditDays: 180,
  },
} as const satisfies Readonly<Record<PlanName, PlanLimits>>
