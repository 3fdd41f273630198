import { mutate } from '@gatehouse/kernel/audit'
import { createEgress, parseEgressAllowance, parseNameServers } from '@gatehouse/kernel/egress'
import { createLogger } from '@gatehouse/kernel/log'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { toBillingSettings } from '../billing-settings.ts'
import { deriveKey } from '../embedded/derive-key.ts'
import {
  type Reconciliation,
  reconciledMs,
  reconcilePayments,
} from '../services/volatility/usecases/reconcile-payments.ts'
import type { LocalInstance } from './local-instance.ts'

export type PaymentReplay = Reconciliation & {
  readonly since: string
  readonly seconds: number
  /** How many secrets of the provider's events this configuration accepts: two while one takes the place of the other. */
  readonly secrets: number
}

const dnsQueriesMax = 20

/** Fetches the payment provider's log of events and takes what did not arrive; the instance's chain keeps that it was done. */
export async function replayPaymentEvents(
  local: LocalInstance,
  { sinceMs, signal }: { readonly sinceMs: number | undefined; readonly signal: AbortSignal },
): Promise<PaymentReplay> {
  const { config, keys, clock } = local
  const billing = toBillingSettings(config, local.secrets)
  if (billing.apiKey === undefined)
    throw new Error('PADDLE_API_KEY is not set: without it the log of events cannot be read')
  const startedMs = clock.now()
  const fromMs = sinceMs ?? startedMs - reconciledMs
  const egress = createEgress({
    allow: parseEgressAllowance(config.egressAllow),
    dnsServers: config.dnsServers.flatMap((text) => parseNameServers(text)),
    dnsQueriesMax,
  })
  try {
    const deps = {
      ...local,
      billing,
      egress,
      log: createLogger('silent'),
      sealer: createSealer(keys.master),
      deriveKey: (info: string, version?: number) => deriveKey(keys.master, info, version),
    }
    const { read, missed } = await reconcilePayments(deps, signal, fromMs)
    const seconds = Math.round((clock.now() - startedMs) / 1_000)
    const principal = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
    await mutate(local, principal, async () => ({
      result: undefined,
      entry: {
        action: 'runbook.run',
        resourceId: 'paddle-webhook-secret',
        detail: { read, missed, seconds },
        at: clock.now(),
      },
    }))
    return {
      since: new Date(fromMs).toISOString(),
      read,
      missed,
      seconds,
      secrets: billing.webhookSecrets.length,
    }
  } finally {
    egress.close()
  }
}
