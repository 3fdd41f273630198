import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { billingEndpoints } from '../contract/billing.ts'
import type { VolatilityDeps } from '../deps.ts'
import { beginCheckout, openPortal, readBilling } from '../usecases/billing.ts'
import { receivePaddleEvent } from '../usecases/receive-paddle-event.ts'

export function billingHandlers(deps: VolatilityDeps): HandlersOf<typeof billingEndpoints> {
  return {
    getMyBilling: (caller) => readBilling(deps, caller),
    startCheckout: (caller, { body: { plan } }) => beginCheckout(deps, caller, plan),
    openBillingPortal: (caller) => openPortal(deps, caller),
    receivePaddle: async (_caller, { body }, { header }) => {
      await receivePaddleEvent(deps, body ?? '', header('paddle-signature'))
      return { received: true as const }
    },
  }
}
