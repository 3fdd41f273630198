import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import { listKeys, revokeKey, rotateKey } from '@gatehouse/kernel/keys'
import type { keyEndpoints } from '../contract/keys.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireKey, toWireKeyService, toWireNewKey } from './to-wire.ts'
import { createKey } from '../usecases/create-key.ts'
import { toKeyDeps } from '../usecases/key-deps.ts'
import { updateKey } from '../usecases/update-key.ts'

export function keyHandlers(deps: PlatformDeps): HandlersOf<typeof keyEndpoints> {
  const keyDeps = toKeyDeps(deps)
  return {
    listApiKeys: async (member) => ({ apiKeys: (await listKeys(deps, member)).map(toWireKey) }),
    listKeyServices: () => ({ services: [...deps.services].map(toWireKeyService) }),
    createApiKey: async (owner, { body }) => {
      const { type: kind, expiresAt: expiresAtMs, rateLimit: requestsPerWindow, ...rest } = body
      return {
        apiKey: toWireNewKey(await createKey(deps, owner, { ...rest, kind, expiresAtMs, requestsPerWindow })),
      }
    },
    updateApiKey: async (owner, { params, body }) => {
      const { rateLimit: requestsPerWindow, ...rest } = body
      return { apiKey: toWireKey(await updateKey(deps, owner, params.id, { ...rest, requestsPerWindow })) }
    },
    rotateApiKey: async (owner, { params, body }) => ({
      apiKey: toWireNewKey(await rotateKey(keyDeps, owner, params.id, body.overlapSeconds)),
    }),
    revokeApiKey: async (owner, { params }) => {
      await revokeKey(keyDeps, owner, params.id)
      return { ok: true } as const
    },
  }
}
