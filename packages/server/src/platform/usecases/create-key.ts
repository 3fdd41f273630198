import { createKey as mintKey, type KeyKind, type MintedKey } from '@gatehouse/kernel/keys'
import type { Principal } from '@gatehouse/kernel/principal'
import { policy } from '../policy.ts'
import { type KeyUseDeps, parseScopes, toKeyDeps } from './key-deps.ts'

export type KeyWish = {
  readonly service: string
  readonly name: string
  /** Scopes of the service, or the shorthands `read` and `write`. */
  readonly scopes: readonly string[]
  readonly kind?: KeyKind | undefined
  readonly expiresAtMs?: number | undefined
  readonly ipAllow?: readonly string[] | undefined
  readonly requestsPerWindow?: number | undefined
}

export async function createKey(deps: KeyUseDeps, principal: Principal, wish: KeyWish): Promise<MintedKey> {
  const { service, name, scopes, kind, expiresAtMs, ipAllow = [], requestsPerWindow = null } = wish
  return mintKey(toKeyDeps(deps), principal, {
    service,
    name,
    scopes: parseScopes(deps, service, scopes),
    kind: kind ?? (expiresAtMs === undefined ? 'persistent' : 'expiring'),
    expiresAtMs: expiresAtMs ?? null,
    ipAllow,
    requestsPerWindow,
    keysMax: policy.keysMax,
  })
}
