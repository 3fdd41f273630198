import { type Database, type Invalidations, isMigrated } from '@gatehouse/kernel/db'
import { bind, defineEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from './platform/policy.ts'
import { migrations } from './schema.ts'
import type { ServiceModule } from './service.ts'

const access = {
  kind: 'public',
  because: 'probes of the operator carry no credential',
  limit: { name: 'health', by: 'ip' },
} as const

const readHealth = defineEndpoint({
  method: 'GET',
  path: '/healthz',
  id: 'readHealth',
  summary: 'Whether the process is alive',
  tag: 'health',
  access,
  reply: { status: 200, schema: z.strictObject({ ok: z.literal(true) }) },
  problems: [],
})

const readReadiness = defineEndpoint({
  method: 'GET',
  path: '/readyz',
  id: 'readReadiness',
  summary:
    'Whether database, migrations, the invalidation channel, the counts of the limits and the other nodes are in order; 503 when one is not',
  tag: 'health',
  access,
  reply: { status: 200, mediaType: 'application/json; charset=utf-8' },
  problems: [],
})

type Readiness = {
  readonly database: boolean
  readonly migrations: boolean
  readonly channel: boolean
  readonly limits: boolean
  /** Whether every other node counts limits together with this one. */
  readonly nodes: boolean
}

/** Health for load balancers and supervisors (H12). */
export function healthModule(deps: {
  readonly db: Database
  readonly invalidations: Invalidations
  readonly areLimitsCounted: () => Promise<boolean>
  readonly isAdmitted: () => boolean
}): ServiceModule {
  return {
    name: 'health',
    title: 'Health',
    envelope: 'problem+json',
    policy: {
      ...policy,
      publicLimits: { health: { name: 'health', limit: 600, windowSeconds: 60, whenStoreFails: 'admit' } },
    },
    endpoints: [
      bind(readHealth, () => ({ ok: true }) as const),
      bind(readReadiness, async () => {
        const readiness = await look(deps)
        const isReady = Object.values(readiness).every((isInOrder) => isInOrder)
        return new RawReply(JSON.stringify(readiness), { 'cache-control': 'no-store' }, isReady ? 200 : 503)
      }),
    ],
    jobs: [],
    recurring: [],
    start: async () => ({ stop: async () => undefined }),
  }
}

async function look({
  db,
  invalidations,
  areLimitsCounted,
  isAdmitted,
}: {
  readonly db: Database
  readonly invalidations: Invalidations
  readonly areLimitsCounted: () => Promise<boolean>
  readonly isAdmitted: () => boolean
}): Promise<Readiness> {
  const limits = await areLimitsCounted()
  const nodes = isAdmitted()
  try {
    return {
      database: true,
      migrations: await isMigrated(db, migrations),
      channel: invalidations.isConnected(),
      limits,
      nodes,
    }
  } catch {
    // The database's own error says nothing more to a probe than that it is away.
    return { database: false, migrations: false, channel: invalidations.isConnected(), limits, nodes }
  }
}
