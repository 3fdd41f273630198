import type { oversightPolicy } from './policy.ts'

export type Tier = (typeof oversightPolicy.tiers)[number]

/**
 * Monthly allowances of a plan (a month is 30 days); null means unlimited. Above an allowance the service continues
 * and reports it.
 */
export type OversightPlan = {
  /** The plan's name in replies. */
  readonly tier: Tier
  readonly interactionsMax: number | null
}

export const oversightPlans = {
  free: { tier: 'starter', interactionsMax: 1_000 },
  pro: { tier: 'standard', interactionsMax: 50_000 },
  business: { tier: 'enterprise', interactionsMax: 1_000_000 },
  unlimited: { tier: 'enterprise', interactionsMax: null },
} as const satisfies Readonly<Record<string, OversightPlan>>

const planNames = { starter: 'free', standard: 'pro', enterprise: 'business' } as const satisfies Record<
  Tier,
  string
>

/** The plan of an organisation on a tier. */
export function planOfTier(tier: Tier): keyof typeof oversightPlans {
  return planNames[tier]
}
