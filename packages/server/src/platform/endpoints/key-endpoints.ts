import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { listKeys, revokeKey, rotateKey } from '@gatehouse/kernel/keys'
import * as contract from '../contract/keys.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireKey, toWireNewKey } from '../to-wire.ts'
import { createKey } from '../usecases/create-key.ts'
import { toKeyDeps } from '../usecases/key-deps.ts'
import { updateKey } from '../usecases/update-key.ts'

export function keyEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  const keyDeps = toKeyDeps(deps)
  return [
    bind(contract.listKeys, async (member) => ({ apiKeys: (await listKeys(deps, member)).map(toWireKey) })),
    bind(contract.createKey, async (owner, { body }) => {
      const { type: kind, expiresAt: expiresAtMs, rateLimit: requestsPerWindow, ...rest } = body
      return {
        apiKey: toWireNewKey(await createKey(deps, owner, { ...rest, kind, expiresAtMs, requestsPerWindow })),
      }
    }),
    bind(contract.updateKey, async (owner, { params, body }) => {
      const { rateLimit: requestsPerWindow, ...rest } = body
      return { apiKey: toWireKey(await updateKey(deps, owner, params.id, { ...rest, requestsPerWindow })) }
    }),
    bind(contract.rotateKey, async (owner, { params, body }) => ({
      apiKey: toWireNewKey(await rotateKey(keyDeps, owner, params.id, body.overlapSeconds)),
    })),
    bind(contract.revokeKey, async (owner, { params }) => {
      await revokeKey(keyDeps, owner, params.id)
      return { ok: true } as const
    }),
  ]
}
