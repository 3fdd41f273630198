import type { ServiceModule } from '../service.ts'
import type { PlatformDeps } from './deps.ts'
import { accountEndpoints } from './endpoints/account-endpoints.ts'
import { adminEndpoints } from './endpoints/admin-endpoints.ts'
import { auditEndpoints } from './endpoints/audit-endpoints.ts'
import { authEndpoints } from './endpoints/auth-endpoints.ts'
import { deviceEndpoints } from './endpoints/device-endpoints.ts'
import { factorEndpoints } from './endpoints/factor-endpoints.ts'
import { keyEndpoints } from './endpoints/key-endpoints.ts'
import { orgLifeEndpoints } from './endpoints/org-life-endpoints.ts'
import { peopleEndpoints } from './endpoints/people-endpoints.ts'
import { sessionEndpoints } from './endpoints/session-endpoints.ts'
import { usageEndpoints } from './endpoints/usage-endpoints.ts'
import { webhookEndpoints } from './endpoints/webhook-endpoints.ts'
import { teamEndpoints } from './endpoints/team-endpoints.ts'
import { platformJobs, platformRecurring } from './jobs/index.ts'
import { policy } from './policy.ts'

export type { KeyedService, PlatformDeps } from './deps.ts'
export { auditEndpointForKeys } from './endpoints/audit-endpoints.ts'
export { findAllowedOrigins, findOrgs, type NamedOrg } from './store/org-store.ts'
export { tellWebhookOwners } from './jobs/send-webhook-failing.ts'
export { toWireNewKey } from './to-wire.ts'
export { findMembership, listOwnerAddresses } from './store/membership-store.ts'
export { createKey } from './usecases/create-key.ts'
export { createOwner, parseNewOwner } from './usecases/create-owner.ts'
export { createOwnerLink } from './usecases/create-owner-link.ts'
export { eraseOrg } from './usecases/erase-org.ts'
export { exportTeam } from './usecases/export-team.ts'
export { isInstanceAdmin } from './usecases/is-instance-admin.ts'

/** People, orgs and keys: who may do what. */
export function platformModule(deps: PlatformDeps): ServiceModule {
  return {
    name: 'platform',
    title: 'Platform',
    envelope: 'wire',
    policy,
    endpoints: [
      ...authEndpoints(deps),
      ...accountEndpoints(deps),
      ...factorEndpoints(deps),
      ...deviceEndpoints(deps),
      ...teamEndpoints(deps),
      ...orgLifeEndpoints(deps),
      ...peopleEndpoints(deps),
      ...keyEndpoints(deps),
      ...sessionEndpoints(deps),
      ...auditEndpoints(deps),
      ...webhookEndpoints(deps),
      ...usageEndpoints(deps),
      ...adminEndpoints(deps),
    ],
    jobs: platformJobs(deps),
    recurring: platformRecurring(deps),
    start: async () => ({ stop: async () => undefined }),
  }
}
