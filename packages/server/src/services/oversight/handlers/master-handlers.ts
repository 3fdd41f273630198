import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { masterEndpoints } from '../contract/master.ts'
import type { OversightDeps } from '../deps.ts'
import * as master from '../usecases/master.ts'

export function masterHandlers(deps: OversightDeps): HandlersOf<typeof masterEndpoints> {
  return {
    masterCreateOrg: (by, { body }, context) => master.createOrg(deps, by, body, context),
    masterSuspendOrg: (by, { params, body }, context) =>
      master.suspendOrg(deps, by, params.org_id, body, 'ADMIN_ORG_SUSPEND', context),
    masterReactivateOrg: (by, { params, body }, context) =>
      master.reactivateOrg(deps, by, params.org_id, body, context),
    masterForceRotate: (by, { params, body }, context) =>
      master.forceRotate(deps, by, params.org_id, body, context),
    masterForceRevoke: (by, { params, body }, context) =>
      master.forceRevoke(deps, by, params.org_id, body, context),
    masterSuspendBilling: (by, { params, body }, context) =>
      master.suspendOrg(deps, by, params.org_id, body, 'ADMIN_BILLING_SUSPEND', context),
    masterRotateBilling: (by, { params, body }, context) =>
      master.rotateBilling(deps, by, params.org_id, body, context),
    masterReadUsage: (by, { params }, context) => master.readUsage(deps, by, params.org_id, context),
    verifyAnyChain: (caller, { query }, context) => master.verifyAnyChain(deps, caller, query, context),
  }
}
