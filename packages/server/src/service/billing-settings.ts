import type { Secret } from '@gatehouse/kernel/secrets'

/** The operator's settings about plans and payment. */
export type BillingSettings = {
  /** Whether the limits of plans apply. */
  readonly arePlansOn: boolean
  /** The plan that each price of the payment provider buys. */
  readonly prices: ReadonlyMap<string, 'pro' | 'desk'>
  /** The secrets of the provider's events: the current one first, then the previous one. */
  readonly webhookSecrets: readonly Secret[]
  readonly apiKey: Secret | undefined
  readonly apiUrl: string
}
