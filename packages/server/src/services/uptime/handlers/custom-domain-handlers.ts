import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { ServiceReply } from '../contract/service-shapes.ts'
import type { customDomainEndpoints } from '../contract/custom-domains.ts'
import type { UptimeDeps } from '../deps.ts'
import { removeCustomDomain, setCustomDomain } from '../usecases/set-custom-domain.ts'
import { verifyCustomDomain } from '../usecases/verify-custom-domain.ts'

export function customDomainHandlers(deps: UptimeDeps): HandlersOf<typeof customDomainEndpoints> {
  /** The node that answers serves what it says, without waiting for the notification, which comes in any case. */
  const settle = async (service: ServiceReply) => {
    await deps.hosts.load().catch(() => undefined)
    return { service }
  }
  return {
    setCustomDomain: async (caller, { params, body }) =>
      settle(await setCustomDomain(deps, caller, params.id, body)),
    verifyCustomDomain: async (caller, { params }) =>
      settle(await verifyCustomDomain(deps, caller, params.id)),
    removeCustomDomain: async (caller, { params }) =>
      settle(await removeCustomDomain(deps, caller, params.id)),
  }
}
