import type { Egress } from '@gatehouse/kernel/egress'
import { createLogger } from '@gatehouse/kernel/log'
import { createSealer } from '@gatehouse/kernel/secrets'
import { toBillingSettings } from '../billing-settings.ts'
import { deriveKey } from '../embedded/derive-key.ts'
import { type Reconciliation, reconcilePayments } from '../services/volatility/usecases/reconcile-payments.ts'
import type { LocalInstance } from './local-instance.ts'

/**
 * Fetches the payment provider's log of events and processes those that did not arrive; an event is never counted
 * twice.
 */
export async function fetchMissedPayments(
  local: LocalInstance,
  egress: Egress,
  sinceMs: number,
  signal: AbortSignal,
): Promise<Reconciliation> {
  const { config, keys, secrets } = local
  const deps = {
    ...local,
    billing: toBillingSettings(config, secrets),
    egress,
    log: createLogger('silent'),
    sealer: createSealer(keys.master),
    deriveKey: (info: string, version?: number) => deriveKey(keys.master, info, version),
  }
  return reconcilePayments(deps, signal, sinceMs)
}
