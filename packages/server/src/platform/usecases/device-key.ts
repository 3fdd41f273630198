import { isRoleAtLeast, leastRoleOf, type Role, type Scope } from '@gatehouse/kernel/principal'
import { type KeyUseDeps, parseScopes } from './key-deps.ts'

export type DeviceKey = { readonly service: string; readonly scopes: readonly Scope[] }

/**
 * What a device gets that someone with this role lets in: a key of the first service that lets devices log in, which may
 * do as much as they may do by hand (S12).
 */
export function findDeviceKey(deps: KeyUseDeps, role: Role): DeviceKey {
  for (const [service, { deviceScopes }] of deps.services)
    if (deviceScopes !== null) {
      const scopes = parseScopes(deps, service, deviceScopes)
      return { service, scopes: scopes.filter((scope) => isRoleAtLeast(role, leastRoleOf(scope))) }
    }
  throw new Error('No service lets devices log in')
}
