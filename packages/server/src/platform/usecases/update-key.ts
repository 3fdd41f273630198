import { type KeyRecord, listKeys, updateKey as changeKey } from '@gatehouse/kernel/keys'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { problems } from '../problems.ts'
import { type KeyUseDeps, parseScopes, toKeyDeps } from './key-deps.ts'

export type KeyEdit = {
  readonly name?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly ipAllow?: readonly string[] | undefined
  readonly requestsPerWindow?: number | null | undefined
}

export async function updateKey(
  deps: KeyUseDeps,
  owner: MemberPrincipal,
  id: string,
  { scopes, ...rest }: KeyEdit,
): Promise<KeyRecord> {
  const key = (await listKeys(deps, owner)).find((record) => record.id === id)
  if (key === undefined) throw problems.NOT_FOUND()
  // The service of a key never changes, so its scopes may be read before the change.
  const parsed = scopes && parseScopes(deps, key.service, scopes)
  return changeKey(toKeyDeps(deps), owner, id, { ...rest, scopes: parsed })
}
