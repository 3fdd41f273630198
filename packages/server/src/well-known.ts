import type { KeyObject } from 'node:crypto'
import { toKeyList } from '@gatehouse/kernel/audit'
import { bind, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from './platform/policy.ts'
import type { ServiceModule } from './service.ts'

const readSigningKeys = defineEndpoint({
  method: 'GET',
  path: '/.well-known/gatehouse-keys.json',
  id: 'readSigningKeys',
  summary:
    'The public Ed25519 keys that audit entries, checkpoints and webhooks were signed with, retired ones included',
  tag: 'audit',
  access: {
    kind: 'public',
    because: 'whoever holds an export must be able to verify it',
    limit: { name: 'well-known', by: 'ip' },
  },
  reply: {
    status: 200,
    schema: z.strictObject({
      keys: z.array(
        z.strictObject({ key_id: z.string(), algorithm: z.literal('Ed25519'), public_key: z.string() }),
      ),
    }),
  },
  problems: [],
})

/** What strangers need to verify what this instance signed (A3). */
export function wellKnownModule(publicKeys: ReadonlyMap<string, KeyObject>): ServiceModule {
  return {
    name: 'well-known',
    title: 'Public keys',
    envelope: 'problem+json',
    policy: {
      ...policy,
      publicLimits: {
        'well-known': { name: 'well-known', limit: 600, windowSeconds: 60, whenStoreFails: 'admit' },
      },
    },
    endpoints: [bind(readSigningKeys, () => ({ keys: toKeyList(publicKeys) }))],
    jobs: [],
    recurring: [],
    start: async () => ({ stop: async () => undefined }),
  }
}
