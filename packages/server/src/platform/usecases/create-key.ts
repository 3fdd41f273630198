import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import { createKey as mintKey, type KeyKind, type KeyRequest, type MintedKey } from '@gatehouse/kernel/keys'
import type { Principal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import { keyName } from '../contract/keys.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { type KeyUseDeps, parseScopes, toKeyDeps } from './key-deps.ts'
import { openTestOrg } from './test-org.ts'

export type KeyMode = 'live' | 'test'

export type KeyWish = {
  readonly service: string
  /** `test`: the key gives access to the data of the org's test org, and not to the org's own. */
  readonly mode?: KeyMode | undefined
  readonly name: string
  /** Scopes of the service, or the shorthands `read` and `write`. Default: those of the service. */
  readonly scopes?: readonly string[] | undefined
  readonly kind?: KeyKind | undefined
  readonly expiresAtMs?: number | undefined
  readonly ipAllow?: readonly string[] | undefined
  readonly requestsPerWindow?: number | undefined
} & Pick<KeyRequest, 'standsFor' | 'renewDays' | 'admit'>

export async function createKey(deps: KeyUseDeps, principal: Principal, wish: KeyWish): Promise<MintedKey> {
  const { service, mode = 'live', name, scopes: wanted, kind, expiresAtMs, ipAllow = [] } = wish
  const { requestsPerWindow = null, standsFor, renewDays, admit } = wish
  const scopes = parseScopes(deps, service, wanted)
  if (mode === 'test') assertTestKeys(deps, service)
  return mintKey(toKeyDeps(deps), principal, {
    service,
    testOrgId: mode === 'test' ? await openTestOrg(deps, principal) : null,
    name,
    scopes,
    kind: kind ?? (expiresAtMs === undefined ? 'persistent' : 'expiring'),
    expiresAtMs: expiresAtMs ?? null,
    ipAllow,
    requestsPerWindow,
    standsFor,
    renewDays,
    admit: async (tx) => {
      await admit?.(tx)
      await deps.services.get(service)?.admitKey?.(tx)
    },
    keysMax: policy.keysMax,
  })
}

/** Parses a name that did not come over HTTP, by the same rules. */
export function parseKeyName(name: string): string {
  const parsed = z.strictObject({ name: keyName }).safeParse({ name })
  if (parsed.success) return parsed.data.name
  throw problems.VALIDATION_ERROR({ fields: toFieldFaults(parsed.error, 'key') })
}

/** Checked before the test org is made, so that a refusal leaves nothing behind. */
function assertTestKeys({ services }: KeyUseDeps, service: string): void {
  if (services.get(service)?.keyShape.testPrefix !== undefined) return
  throw problems.VALIDATION_ERROR({
    fields: [{ field: 'mode', message: `must be live: ${service} has no test keys` }],
  })
}
