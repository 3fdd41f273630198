import { createKeyDigests } from '@gatehouse/kernel/keys'
import { toFurnishOrg } from '../furnish-org.ts'
import { toKeyedServices } from '../keyed-services.ts'
import { createKey, type NamedOrg, parseKeyName, toWireNewKey } from '../platform/index.ts'
import { services } from '../services.ts'
import { findLocalTeam } from './find-local-team.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalKeyRequest = {
  readonly service: string
  /** The scopes of the key. Default: those of the service. */
  readonly scopes?: readonly string[] | undefined
  readonly name: string
  /** The id, slug or name of the org; optional while there is only one. */
  readonly org?: string | undefined
}

export type LocalKey = { readonly apiKey: ReturnType<typeof toWireNewKey>; readonly team: NamedOrg }

/** Creates a key without a log-in; the audit log records it as an act of the system. */
export async function createLocalKey(
  local: LocalInstance,
  { org, name, ...rest }: LocalKeyRequest,
): Promise<LocalKey> {
  const wish = { ...rest, name: parseKeyName(name) }
  const team = await findLocalTeam(local, org)
  const deps = {
    ...local,
    digests: createKeyDigests(local.keys.pepper),
    services: toKeyedServices(services),
    furnishOrg: toFurnishOrg(services),
  }
  const minted = await createKey(deps, { kind: 'system', orgId: team.id, because: 'command' }, wish)
  return { apiKey: toWireNewKey(minted), team }
}
