import {
  type Database,
  type Invalidations,
  isMigrated,
  type MigrationSet,
  probeWrites,
} from '@gatehouse/kernel/db'
import { defineEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { open, openPolicy } from './service/open-service.ts'
import { createProbe } from './create-probe.ts'
import { defineService, startNothing } from './service/define-service.ts'

const access = {
  kind: 'public',
  because: 'probes of the operator carry no credential',
  limit: { name: 'health', by: 'ip' },
} as const

const readHealth = defineEndpoint({
  method: 'GET',
  path: '/healthz',
  id: 'readHealth',
  summary: 'Check that the process is alive (liveness)',
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
    'Check readiness: database reads and writes, migrations, the invalidation channel, rate limit counters, the other nodes and the services; 503 if one of them fails',
  tag: 'health',
  access,
  reply: { status: 200, mediaType: 'application/json; charset=utf-8', otherStatuses: [503] },
  problems: [],
})

type Readiness = {
  /** Whether a read in the way of a request succeeds. */
  readonly database: boolean
  readonly writes: boolean
  readonly migrations: boolean
  readonly channel: boolean
  readonly limits: boolean
  /** Whether all other nodes count limits together with this one. */
  readonly nodes: boolean
  /** Whether no service reports an impairment. */
  readonly services: boolean
}

type HealthDeps = {
  readonly db: Database
  readonly invalidations: Invalidations
  readonly migrations: readonly MigrationSet[]
  readonly areLimitsCounted: () => Promise<boolean>
  readonly isAdmitted: () => boolean
  /** What running services currently cannot do, and why. */
  readonly impairments: () => readonly string[]
}

/** The health endpoints for load balancers and supervisors (H12). */
export const health = defineService({
  ...open,
  name: 'health',
  title: 'Health',
  description: 'Health checks for operators',
  policy: openPolicy('health'),
  endpoints: [readHealth, readReadiness],
  build: (deps: HealthDeps) => {
    const readiness = createReadiness(deps)
    return {
      handlers: {
        readHealth: () => ({ ok: true }) as const,
        readReadiness: async () => {
          const parts = await readiness()
          const isReady = Object.values(parts).every((isInOrder) => isInOrder)
          const impairments = deps.impairments()
          const said = impairments.length === 0 ? parts : { ...parts, impairments }
          return new RawReply(JSON.stringify(said), { 'cache-control': 'no-store' }, isReady ? 200 : 503)
        },
      },
      jobs: [],
      recurring: [],
      start: startNothing,
    }
  },
})

/** Each part is checked separately, so that one that hangs does not affect the answer about the others. */
function createReadiness({
  db,
  invalidations,
  migrations,
  areLimitsCounted,
  isAdmitted,
  impairments,
}: HealthDeps): () => Promise<Readiness> {
  const database = createProbe(async () => void (await db.pool.query('SELECT')))
  const writes = createProbe(() => probeWrites(db))
  const areMigrated = createProbe(() => isMigrated(db, migrations))
  const limits = createProbe(areLimitsCounted)
  return async () => {
    const parts = await Promise.all([database(), writes(), areMigrated(), limits()])
    return {
      database: parts[0],
      writes: parts[1],
      migrations: parts[2],
      channel: invalidations.isConnected(),
      limits: parts[3],
      nodes: isAdmitted(),
      services: impairments().length === 0,
    }
  }
}
