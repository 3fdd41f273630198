import { randomUUID } from 'node:crypto'
import { createAuditLog, createCallLog, createRefusalLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query } from '@gatehouse/kernel/db'
import { bind, defineEndpoint } from '@gatehouse/kernel/endpoint'
import { createKey, createKeyDigests, createKeyVerifier, revokeKey } from '@gatehouse/kernel/keys'
import { createMemoryStore } from '@gatehouse/kernel/limits'
import { createLogger } from '@gatehouse/kernel/log'
import type { Principal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { z } from 'zod'
import { loadKeyMaterial } from '../../packages/server/src/embedded/first-run.ts'
import { createLimiter } from '../../packages/server/src/http/limiter.ts'
import { listen } from '../../packages/server/src/http/listen.ts'
import { securityHeaders } from '../../packages/server/src/http/security-headers.ts'
import { toProof } from '../../packages/server/src/http/to-proof.ts'
import type { ServedService } from '../../packages/server/src/service/define-service.ts'
import { wireEnvelope } from '../../packages/server/src/service/envelope.ts'
import { uptimePolicy } from '../../packages/server/src/services/uptime/policy.ts'
import { serveMeasured, type Serving } from '../served-process.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'
import { judgeControlTokens } from '../../packages/server/src/mcp/judge-control-tokens.ts'

const read = defineEndpoint({
  method: 'GET',
  path: '/bench',
  id: 'readBench',
  summary: 'Answer from memory',
  tag: 'Benchmark',
  access: { kind: 'key', scope: 'monitors:read' },
  reply: { status: 200, schema: z.strictObject({ ok: z.literal(true) }) },
  problems: [],
})

/** One endpoint under the strictest policy there is: every answer waits for the floor. */
const service: ServedService = {
  name: 'uptime',
  envelope: wireEnvelope,
  policy: { ...uptimePolicy, gate: { ...uptimePolicy.gate, floorMs: 80, floorOn: 'all' } },
  endpoints: [bind(read, () => ({ ok: true }) as const)],
}

await serveMeasured(serveFloored)

async function serveFloored(): Promise<Serving> {
  const database = await startThrowAwayDatabase()
  const { db, invalidations, folder } = database
  const keys = await loadKeyMaterial(folder, {})
  const onError = (error: unknown): void => {
    throw error
  }
  const clock = systemClock
  const audit = createAuditLog(keys.signing)
  const calls = createCallLog(db, onError)
  const refusals = createRefusalLog({ db, audit }, onError)
  const digests = createKeyDigests(keys.pepper)
  const shapes = { uptime: uptimePolicy.keyShape }
  const verifier = createKeyVerifier({
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
      log: createLogger('error'),
      digests,
      refusals,
      calls,
      limiter: createLimiter(createMemoryStore(), clock),
      trustedHops: 1,
      publicUrl: () => 'http://localhost',
      publicPath: '',
      verifyKey: async (name, text, ip) => toProof(await verifier.verify(name, text, ip), ip),
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
      rereadKeys: verifier.reread,
      takesQueryKeys: false,
    },
    {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: ['127.0.0.0/8'],
      socketsPerAddressMax: 1_024,
      services: [service],
    },
  )
  const principal: Principal = { kind: 'system', orgId: randomUUID(), because: 'bench' }
  await asGate({ db }, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${principal.orgId}, 'Bench', ${principal.orgId}, now(), now())`.execute(query(tx)),
  )
  // An expired key is one that was made a while ago.
  const made = async (nowMs: number, expiresAtMs: number | null) =>
    createKey({ db, audit, clock: { ...clock, now: () => nowMs }, digests, shapes }, principal, {
      service: 'uptime',
      name: 'bench',
      scopes: ['monitors:read'],
      kind: expiresAtMs === null ? 'persistent' : 'expiring',
      expiresAtMs,
      ipAllow: [],
      requestsPerWindow: null,
      keysMax: null,
    })
  const now = clock.now()
  const [good, revoked, expired] = [
    await made(now, null),
    await made(now, null),
    await made(now - 60_000, now - 1),
  ]
  await revokeKey({ db, audit, clock, digests, shapes }, principal, revoked.record.id)
  return {
    port: Number(new URL(server.origin).port),
    headers: {
      good: good.secret.reveal(),
      revoked: revoked.secret.reveal(),
      expired: expired.secret.reveal(),
    },
    stop: async () => {
      await server.stop()
      await verifier.stop()
      await calls.stop()
      await refusals.stop()
      await database.stop()
    },
  }
}
