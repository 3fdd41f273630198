import { type HandlersOf, showEmail } from '@gatehouse/kernel/endpoint'
import type { adminEndpoints } from '../contract/admin.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireAdministeredOrg, toWireKey, toWireResetLink } from './to-wire.ts'
import { toWireRefusal } from './to-wire-refusal.ts'
import { inspectOrg, listOrgKeys, restoreOrg, revokeOrgKey, suspendOrg } from '../usecases/administer-org.ts'
import { createAccountResetLink } from '../usecases/create-reset-link.ts'
import { searchOrgs, searchRefusals } from '../usecases/search-instance.ts'

export function adminHandlers(deps: PlatformDeps): HandlersOf<typeof adminEndpoints> {
  return {
    adminListOrgs: async (admin, { query }) => {
      const { entries, ...page } = await searchOrgs(deps, admin, query)
      return { orgs: entries.map(toWireAdministeredOrg), ...page }
    },
    adminGetOrg: async (admin, { params }) => {
      const { owners, ...org } = await inspectOrg(deps, admin, params.id)
      return {
        org: { ...toWireAdministeredOrg(org), owners: [...owners], shownOwners: owners.map(showEmail) },
      }
    },
    adminSuspendOrg: async (admin, { params, body }) => ({
      org: toWireAdministeredOrg(await suspendOrg(deps, admin, params.id, body.reason)),
    }),
    adminRestoreOrg: async (admin, { params }) => ({
      org: toWireAdministeredOrg(await restoreOrg(deps, admin, params.id)),
    }),
    adminListApiKeys: async (admin, { params }) => ({
      apiKeys: (await listOrgKeys(deps, admin, params.id)).map(toWireKey),
    }),
    adminRevokeApiKey: async (admin, { params }) => {
      await revokeOrgKey(deps, admin, params.id, params.keyId)
      return { ok: true } as const
    },
    adminCreateResetLink: async (admin, { body }) => ({
      data: toWireResetLink(await createAccountResetLink(deps, admin, body.email)),
    }),
    adminListRefusals: async (admin, { query }) => {
      const { entries, ...page } = await searchRefusals(deps, admin, query)
      return { refusals: entries.map(toWireRefusal), ...page }
    },
  }
}
