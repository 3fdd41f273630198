import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/admin.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireAdministeredOrg, toWireKey } from '../to-wire.ts'
import { toWireRefusal } from '../to-wire-refusal.ts'
import { inspectOrg, listOrgKeys, restoreOrg, revokeOrgKey, suspendOrg } from '../usecases/administer-org.ts'
import { searchOrgs, searchRefusals } from '../usecases/search-instance.ts'

export function adminEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.listOrgs, async (admin, { query }) => {
      const { entries, ...page } = await searchOrgs(deps, admin, query)
      return { orgs: entries.map(toWireAdministeredOrg), ...page }
    }),
    bind(contract.getOrg, async (admin, { params }) => {
      const { owners, ...org } = await inspectOrg(deps, admin, params.id)
      return { org: { ...toWireAdministeredOrg(org), owners: [...owners] } }
    }),
    bind(contract.suspendOrg, async (admin, { params, body }) => ({
      org: toWireAdministeredOrg(await suspendOrg(deps, admin, params.id, body.reason)),
    })),
    bind(contract.restoreOrg, async (admin, { params }) => ({
      org: toWireAdministeredOrg(await restoreOrg(deps, admin, params.id)),
    })),
    bind(contract.listOrgKeys, async (admin, { params }) => ({
      apiKeys: (await listOrgKeys(deps, admin, params.id)).map(toWireKey),
    })),
    bind(contract.revokeOrgKey, async (admin, { params }) => {
      await revokeOrgKey(deps, admin, params.id, params.keyId)
      return { ok: true } as const
    }),
    bind(contract.listRefusals, async (admin, { query }) => {
      const { entries, ...page } = await searchRefusals(deps, admin, query)
      return { refusals: entries.map(toWireRefusal), ...page }
    }),
  ]
}
