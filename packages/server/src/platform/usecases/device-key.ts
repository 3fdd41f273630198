import { isRoleAtLeast, leastRoleOf, type Role, type Scope } from '@gatehouse/kernel/principal'
import { type KeyUseDeps, parseScopes } from './key-deps.ts'

export type DeviceKey = { readonly service: string; readonly scopes: readonly Scope[] }

/**
 * The service and scopes of the key for a device that a person with this role approves: of the first service that
 * supports device log-in, as much as that person may do (S12).
 */
export function findDeviceKey(deps: KeyUseDeps, role: Role): DeviceKey {
  for (const [service, { deviceScopes }] of deps.services)
    if (deviceScopes !== null) {
      const scopes = parseScopes(deps, service, deviceScopes)
      return { service, scopes: scopes.filter((scope) => isRoleAtLeast(role, leastRoleOf(scope))) }
    }
  throw new Error('No service lets devices log in')
}
