import type { Secret } from '@gatehouse/kernel/secrets'

/** What the operator says about plans and payment. */
export type BillingSettings = {
  /** Whether plans limit anybody. */
  readonly arePlansOn: boolean
  /** Which plan each price of the payment provider buys. */
  readonly prices: ReadonlyMap<string, 'pro' | 'desk'>
  /** The current secret of its events first, then the one before. */
  readonly webhookSecrets: readonly Secret[]
  readonly apiKey: Secret | undefined
  readonly apiUrl: string
}
