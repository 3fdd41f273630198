import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { asGate, listenForInvalidations, query } from '@gatehouse/kernel/db'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { createCursors, type RequestContext } from '@gatehouse/kernel/endpoint'
import { createLogger } from '@gatehouse/kernel/log'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { fakeClock, type FakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import type { OversightDeps } from '../deps.ts'
import { createWaiters } from '../usecases/waiters.ts'

export type TestOversight = {
  readonly deps: OversightDeps
  readonly clock: FakeClock
  readonly database: TestDatabase
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  /** Creates an organisation and returns one of its keys. */
  readonly found: () => Promise<KeyPrincipal>
  readonly context: (headers?: Readonly<Record<string, string>>) => RequestContext
}

const dayMs = 86_400_000

/** 00 … 1f: the key of the specification's known answers. */
export const receiptKey = Buffer.from(Array.from({ length: 32 }, (_, at) => at))

export async function startTestOversight(): Promise<TestOversight> {
  const database = await testDatabase()
  // Noon of today, because partitions of interactions exist only for the current and coming months.
  const clock = fakeClock(Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const signingKey = { id: 'test-1', privateKey, publicKey }
  const publicKeys = new Map([[signingKey.id, publicKey]])
  const absent = async (): Promise<never> => {
    throw new Error('Keys are made and proven by the platform')
  }
  const invalidations = await listenForInvalidations(database.url)
  const deps: OversightDeps = {
    modelFaults: [],
    db: database.db,
    audit: createAuditLog(signingKey),
    chargeLimit: () => ({ admitted: true, counted: false }),
    clock,
    cursors: createCursors(Buffer.alloc(32, 7)),
    egress: createEgress({ allow: parseEgressAllowance('') }),
    sealer: createSealer({ current: 1, versions: new Map([[1, randomBytes(32)]]) }),
    listMemberNames: async (_tx, ids) => new Map(ids.map((id) => [id, `Name of ${id}`])),
    publicUrl: () => 'https://gatehouse.example',
    randomBytes,
    signingKey,
    signingPublicKeys: publicKeys,
    ownKeys: { rotate: absent, revoke: absent },
    orgDesk: {
      find: absent,
      create: absent,
      suspend: absent,
      restore: absent,
      replaceKeys: absent,
      revokeKeys: absent,
    },
    deriveKey: () => ({ version: 1, key: receiptKey }),
    log: createLogger('silent'),
    waiters: createWaiters(invalidations, new AbortController().signal),
  }
  return {
    deps,
    clock,
    database: {
      ...database,
      drop: async () => {
        await invalidations.stop()
        await database.drop()
      },
    },
    publicKeys,
    found: async () => {
      const orgId = randomUUID()
      await insertOrg(deps, orgId, clock.now())
      return {
        kind: 'key',
        orgId,
        service: 'oversight',
        keyId: 'key',
        keyPrefix: 'ck_live_12345678',
        scopes: ['scores:write'],
        ip: '192.0.2.1',
      }
    },
    context: (headers = {}) => ({
      requestId: 'req_test',
      url: '/v1/score',
      ip: '192.0.2.1',
      userAgent: headers['user-agent'],
      receivedAtMs: clock.now(),
      signal: new AbortController().signal,
      refund: () => undefined,
      header: (name) => headers[name],
    }),
  }
}

type OrgTables = {
  'gatehouse.org': { org_id: string; name: string; slug: string; created_at: Date; updated_at: Date }
}

async function insertOrg(deps: Pick<OversightDeps, 'db'>, orgId: string, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  await asGate(deps, (tx) =>
    query<OrgTables>(tx)
      .insertInto('gatehouse.org')
      .values({ org_id: orgId, name: 'Acme', slug: orgId, created_at: now, updated_at: now })
      .execute(),
  )
}

/** Lets a test read and write as the owner of the tables; the server's roles are not widened. */
export async function lookAsOwner({ db }: TestDatabase): Promise<void> {
  await db.pool.query(`
    DO $$ DECLARE target regclass; BEGIN
      FOR target IN SELECT oid FROM pg_class WHERE relforcerowsecurity LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', target);
      END LOOP;
    END $$`)
}
