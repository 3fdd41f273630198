import { within } from '@gatehouse/kernel/db'
import { revokeKey, rotateKey } from '@gatehouse/kernel/keys'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { OwnKeys } from '../../service/own-keys.ts'
import { findHomeOrg } from '../store/org-store.ts'
import { type KeyUseDeps, toKeyDeps } from './key-deps.ts'

/** Lets keys of any service rotate and revoke themselves. */
export function createOwnKeys(deps: KeyUseDeps): OwnKeys {
  const keyDeps = toKeyDeps(deps)
  return {
    rotate: async (key) => {
      const { secret, record } = await rotateKey(keyDeps, await atHome(deps, key), key.keyId, 0)
      return { secret, prefix: record.prefix, createdAtMs: record.createdAtMs }
    },
    revoke: async (key) => revokeKey(keyDeps, await atHome(deps, key), key.keyId),
  }
}

/** The key as a principal of the org that it belongs to, where it is listed and its audit entries are. */
async function atHome(deps: Pick<KeyUseDeps, 'db'>, key: KeyPrincipal): Promise<KeyPrincipal> {
  return { ...key, orgId: await within(deps, key, findHomeOrg) }
}
