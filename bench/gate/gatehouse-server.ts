import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createAuditLog, createCallLog, createRefusalLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { bind, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { type Database, query, within } from '@gatehouse/kernel/db'
import { createKeyDigests, createKeyVerifier } from '@gatehouse/kernel/keys'
import { createMemoryStore, type LimitRule, limitMax } from '@gatehouse/kernel/limits'
import { createLogger } from '@gatehouse/kernel/log'
import { sql } from 'kysely'
import { z } from 'zod'
import { readServerConfig } from '../../packages/server/src/config.ts'
import { openDataFolder } from '../../packages/server/src/embedded/data-folder.ts'
import { loadKeyMaterial } from '../../packages/server/src/embedded/first-run.ts'
import { andThen } from '../../packages/server/src/http/and-then.ts'
import { createLimiter } from '../../packages/server/src/http/limiter.ts'
import { listen } from '../../packages/server/src/http/listen.ts'
import { securityHeaders } from '../../packages/server/src/http/security-headers.ts'
import { toProof } from '../../packages/server/src/http/to-proof.ts'
import { createLocalKey, createLocalOwner } from '../../packages/server/src/local/index.ts'
import type { ServedService } from '../../packages/server/src/service/define-service.ts'
import { wireEnvelope } from '../../packages/server/src/service/envelope.ts'
import { uptimePolicy } from '../../packages/server/src/services/uptime/policy.ts'
import { openLiveSecrets } from '../../packages/server/src/operations/live-secrets.ts'
import { startDatabase } from '../../packages/server/src/start-database.ts'
import type { Serving } from '../served-process.ts'
import { answer, answerPath, storedAnswerPath } from './answer.ts'
import { judgeControlTokens } from '../../packages/server/src/mcp/judge-control-tokens.ts'

const readAnswer = defineEndpoint({
  method: 'GET',
  path: answerPath,
  id: 'readAnswer',
  summary: 'Answer from memory',
  tag: 'Benchmark',
  access: { kind: 'key', scope: 'monitors:read' },
  reply: {
    status: 200,
    schema: z.strictObject({
      id: z.string(),
      name: z.string(),
      url: z.string(),
      state: z.string(),
      health: z.string(),
      intervalSeconds: z.number(),
      timeoutMs: z.number(),
      regions: z.array(z.string()),
      labels: z.record(z.string(), z.string()),
      lastCheckedAt: z.string(),
      responseTimeMs: z.number(),
    }),
  },
  problems: [],
})

const readStoredAnswer = defineEndpoint({ ...readAnswer, path: storedAnswerPath, id: 'readStoredAnswer' })

const unlimited = (rule: LimitRule): LimitRule => ({ ...rule, limit: limitMax })
const { gate } = uptimePolicy

/** Two endpoints under the uptime service's own policy, with limits that count but never refuse. */
const toService = (db: Database): ServedService => ({
  name: 'uptime',
  envelope: wireEnvelope,
  policy: {
    ...uptimePolicy,
    gate: { ...gate, beforeProof: unlimited(gate.beforeProof), perKey: unlimited(gate.perKey) },
  },
  endpoints: [
    bind(readAnswer, () => answer),
    bind(readStoredAnswer, (principal) =>
      within({ db }, principal, async (tx) => {
        await sql`SELECT 1 FROM gatehouse.org WHERE org_id = ${tx.orgId}`.execute(query(tx))
        return answer
      }),
    ),
  ],
})

/** The parts that `compose.ts` joins, without the services' own loops, which would be measured too. */
export async function startGatehouse(): Promise<Serving> {
  const config = readServerConfig(process.env, process.cwd())
  const log = createLogger(config.logLevel)
  const folder = await openDataFolder(config.dataFolder)
  const secrets = await openLiveSecrets(config, folder.secrets, systemClock)
  const keys = await loadKeyMaterial(folder.secrets, process.env)
  const { db, invalidations, stop, url } = await startDatabase(secrets, folder, log, systemClock.now())
  const onError = (error: unknown): void => {
    throw error
  }
  const audit = createAuditLog(keys.signing)
  const clock = systemClock
  const calls = createCallLog(db, onError)
  const refusals = createRefusalLog({ db, audit }, onError)
  const digests = createKeyDigests(keys.pepper)
  const shapes = { uptime: uptimePolicy.keyShape }
  const keyVerifier = createKeyVerifier({
    db,
    digests,
    shapes,
    invalidations,
    clock,
    onError,
    findMembership: async () => undefined,
  })
  const server = await listen(
    {
      clock,
      log,
      digests,
      refusals,
      calls,
      limiter: createLimiter(createMemoryStore(), clock),
      trustedHops: 0,
      publicUrl: () => 'http://localhost',
      publicPath: '',
      verifyKey: (name, text, ip) =>
        andThen(keyVerifier.verify(name, text, ip), (verdict) => toProof(verdict, ip)),
      verifySession: async () => ({ accepted: false, reason: 'unknown' }),
      verifyMaster: () => ({ accepted: false, reason: 'not_configured' }),
      isInstanceAdmin: async () => false,
      belongsElsewhere: async () => false,
      verifySudo: async () => false,
      securityHeaders,
      judgeControlTokens,
      db,
      preflightOrigins: [],
      isOriginAllowed: async () => false,
      news: invalidations,
      rereadKeys: keyVerifier.reread,
      takesQueryKeys: false,
    },
    {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      socketsPerAddressMax: 1_024,
      services: [toService(db)],
    },
  )
  const local = {
    config,
    db,
    audit,
    clock,
    keys,
    secrets,
    secretsFolder: folder.secrets,
    databaseUrl: () => url,
  }
  const orgs: string[] = []
  const addKey = async (name: string): Promise<Readonly<Record<string, string>>> => {
    const password = randomBytes(18).toString('base64url')
    const { team } = await createLocalOwner(local, { email: `${name}@example.com`, orgName: name, password })
    orgs.push(team.id)
    const wish = { service: 'uptime', scopes: ['monitors:read'], name, org: team.id }
    const { apiKey } = await createLocalKey(local, wish)
    return { authorization: `Bearer ${apiKey.key}` }
  }
  return {
    port: Number(new URL(server.origin).port),
    headers: await addKey('bench'),
    neighbour: await addKey('neighbour'),
    settle: async () => {
      while (calls.counts().queued > 0) await wait(20)
      let rows = 0
      for (const orgId of orgs) rows += await countCalls(db, orgId)
      return rows
    },
    stop: async () => {
      await server.stop()
      await keyVerifier.stop()
      await calls.stop()
      await refusals.stop()
      await stop()
      await folder.release()
    },
  }
}

async function countCalls(db: Database, orgId: string): Promise<number> {
  const { rows } = await within({ db }, { kind: 'system', orgId, because: 'benchmark' }, (tx) =>
    sql<{ count: string }>`SELECT count(*) FROM gatehouse.api_call WHERE org_id = ${orgId}`.execute(
      query(tx),
    ),
  )
  return Number(rows[0]?.count)
}
