import { createKeyDigests } from '@gatehouse/kernel/keys'
import { keyedServices } from '../keyed-services.ts'
import { createKey, type NamedOrg, toWireNewKey } from '../platform/index.ts'
import { findLocalTeam } from './find-local-team.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalKeyRequest = {
  readonly service: string
  readonly scopes: readonly string[]
  readonly name: string
  /** Id, slug or name; not needed while there is only one org. */
  readonly org?: string | undefined
}

export type LocalKey = { readonly apiKey: ReturnType<typeof toWireNewKey>; readonly team: NamedOrg }

/** A key without a log-in; audited as the system's own act. */
export async function createLocalKey(
  local: LocalInstance,
  { org, ...wish }: LocalKeyRequest,
): Promise<LocalKey> {
  const team = await findLocalTeam(local, org)
  const deps = { ...local, digests: createKeyDigests(local.keys.pepper), services: keyedServices }
  const minted = await createKey(deps, { kind: 'system', orgId: team.id, because: 'command' }, wish)
  return { apiKey: toWireNewKey(minted), team }
}
