import { asGate } from '@gatehouse/kernel/db'
import { createKeyDigests } from '@gatehouse/kernel/keys'
import { keyedServices } from '../keyed-services.ts'
import { createKey, findOrgs, type NamedOrg, toWireNewKey } from '../platform/index.ts'
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
  const team = await findTeam(local, org)
  const deps = { ...local, digests: createKeyDigests(local.keys.pepper), services: keyedServices }
  const minted = await createKey(deps, { kind: 'system', orgId: team.id, because: 'command' }, wish)
  return { apiKey: toWireNewKey(minted), team }
}

async function findTeam(local: LocalInstance, org: string | undefined): Promise<NamedOrg> {
  const [found, ...others] = await asGate(local, (tx) => findOrgs(tx, org))
  if (found === undefined)
    throw new Error(
      org === undefined ? 'There is no organisation yet' : `There is no organisation called ${org}`,
    )
  if (others.length > 0)
    throw new Error(
      org === undefined
        ? 'There are several organisations; name one with --org'
        : `Several organisations are called ${org}; use its id or slug`,
    )
  return found
}
