import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditLog, decideAsSystem, mutate, verifyChain } from '../audit/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { query, recordTelemetry, settleTogether, type TelemetryTx, type TenantTx, within } from './index.ts'

const org: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
let database: TestDatabase
let deps: { readonly db: TestDatabase['db']; readonly audit: ReturnType<typeof createAuditLog> }

beforeAll(async () => {
  database = await testDatabase()
  deps = { db: database.db, audit: createAuditLog(signingKey) }
})
afterAll(() => database.drop())

/** A write that is a decision. */
const rename = (tx: TenantTx, name: string) =>
  sql`UPDATE gatehouse.org SET name = ${name} WHERE org_id = ${tx.orgId}`.execute(query(tx))

/** A write that is telemetry. */
const count = (tx: TenantTx, key: string) =>
  sql`INSERT INTO gatehouse.idempotency (org_id, subject, endpoint, key_digest, fingerprint, pepper_version, busy_until,
                                         expires_at)
      VALUES (${tx.orgId}, ${key}, 'test', sha256(''), sha256(''), 1, now(), now())`.execute(query(tx))

const counted = () =>
  within(deps, org, async (tx) => {
    const { rows } = await sql<{ key: string }>`
      SELECT subject AS key FROM gatehouse.idempotency ORDER BY 1`.execute(query(tx))
    return rows.map(({ key }) => key)
  })

const nameNow = async (): Promise<string | undefined> => {
  const { rows } = await within(deps, org, (tx) =>
    sql<{ name: string }>`SELECT name FROM gatehouse.org WHERE org_id = ${tx.orgId}`.execute(query(tx)),
  )
  return rows[0]?.name
}

const readOnly = /in a read-only transaction/
const entry = { action: 'test.rename', at: Date.UTC(2026, 0, 1) }
const entries = async (): Promise<number> =>
  (await verifyChain(deps, org, new Map([['test-1', publicKey]]))).entries

describe('what-only-reads-cannot-write: what only reads', () => {
  it.each<[what: string, write: (tx: TenantTx) => Promise<unknown>]>([
    ['a change', (tx) => rename(tx, 'read')],
    ['telemetry', (tx) => count(tx, 'read')],
    [
      'a job',
      (tx) =>
        sql`SELECT gatehouse.enqueue_job('test', ${JSON.stringify({ orgId: tx.orgId })}, NULL, NULL, NULL)`.execute(
          query(tx),
        ),
    ],
    ['a lock', (tx) => sql`SELECT FROM gatehouse.org FOR UPDATE`.execute(query(tx))],
    ['itself a writer', (tx) => sql`SET TRANSACTION READ WRITE`.execute(query(tx))],
  ])('cannot make %s: PostgreSQL refuses', async (_what, write) => {
    await expect(within(deps, org, write)).rejects.toThrow(/read-only|must be set before any query/)
  })

  it('is offered no statement that writes, and no store that does', async () => {
    const writes = async (tx: TelemetryTx): Promise<void> => void (await count(tx, 'typed'))
    const compiled = (tx: TenantTx): void => {
      // @ts-expect-error A transaction that only reads has no inserts,
      void query<{ 'a.b': { id: string } }>(tx).insertInto
      // @ts-expect-error no updates,
      void query<{ 'a.b': { id: string } }>(tx).updateTable
      // @ts-expect-error no deletes,
      void query<{ 'a.b': { id: string } }>(tx).deleteFrom
      // @ts-expect-error and is not taken where telemetry is written.
      void writes(tx)
    }
    expect(compiled).toBeTypeOf('function')
  })
})

describe('telemetry-decides-nothing: what is measured, counted or leased', () => {
  it('is written, and read by whoever reads', async () => {
    await recordTelemetry(deps, org, (tx) => count(tx, 'telemetry'))
    expect(await counted()).toContain('telemetry')
  })

  it('is written by whoever sees all of a table that reads see, a column that came later too', async () => {
    const { rows } = await within(deps, org, (tx) =>
      sql<{ unseen: string }>`
        SELECT c.oid::regclass || '.' || a.attname AS unseen
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
           AND has_any_column_privilege('gatehouse_telemetry', c.oid, 'SELECT')
           AND has_column_privilege('gatehouse_app', c.oid, a.attnum, 'SELECT')
           AND NOT has_column_privilege('gatehouse_telemetry', c.oid, a.attnum, 'SELECT')
         ORDER BY 1`.execute(query(tx)),
    )
    expect(rows.map(({ unseen }) => unseen)).toEqual([])
  })

  it('goes into tables that say so alone: PostgreSQL refuses what somebody would have to decide', async () => {
    await expect(recordTelemetry(deps, org, (tx) => rename(tx, 'telemetry'))).rejects.toThrow(
      'permission denied',
    )
    expect(await nameNow()).not.toBe('telemetry')
  })

  it('becomes a decision of the system only with an entry in the chain', async () => {
    const before = await entries()
    await decideAsSystem(deps, org, async (tx, decide) => {
      await count(tx, 'decided')
      await rename(await decide(entry), 'by the system')
    })
    expect([await nameNow(), await entries()]).toEqual(['by the system', before + 1])
    await expect(decideAsSystem(deps, org, (tx) => rename(tx, 'unsaid'))).rejects.toThrow('permission denied')
    await decideAsSystem(deps, org, (tx) => count(tx, 'nothing was decided'))
    expect([await nameNow(), await entries()]).toEqual(['by the system', before + 1])
  })

  it('and its entry is gone with what was decided, when that fails', async () => {
    const before = await entries()
    const failing = decideAsSystem(deps, org, async (_tx, decide) => {
      await rename(await decide(entry), 'failed')
      throw new Error('too late')
    })
    await expect(failing).rejects.toThrow('too late')
    expect([await nameNow(), await entries()]).toEqual(['by the system', before])
  })
})

describe('what-only-reads-cannot-write, telemetry-decides-nothing: inside a decision whose commit is held', () => {
  /** Decides something, then does this before it is settled. */
  const holding = (work: () => Promise<unknown>) =>
    settleTogether(
      deps,
      org,
      async () => {
        await mutate(deps, org, async (tx) => ({ result: await rename(tx, 'held'), entry }))
        await work()
      },
      async (tx) => void (await count(tx, `settled ${Math.random()}`)),
      () => false,
    )

  it('what reads sees what was decided, and writes nothing', async () => {
    await holding(async () => expect(await nameNow()).toBe('held'))
    await holding(() => expect(within(deps, org, (tx) => rename(tx, 'read'))).rejects.toThrow(readOnly))
    expect(await nameNow()).toBe('held')
  })

  it('telemetry writes its own tables alone', async () => {
    await holding(() => recordTelemetry(deps, org, (tx) => count(tx, 'joined')))
    expect(await counted()).toContain('joined')
    await holding(() =>
      expect(recordTelemetry(deps, org, (tx) => rename(tx, 'joined'))).rejects.toThrow('permission denied'),
    )
  })

  it('a decision may follow what read, what counted and what failed, each at the same time as the other', async () => {
    const before = await entries()
    await holding(async () => {
      const results = await Promise.allSettled([
        nameNow(),
        recordTelemetry(deps, org, (tx) => count(tx, 'beside')),
        within(deps, org, (tx) => rename(tx, 'no')),
        mutate(deps, org, async (tx) => ({ result: await rename(tx, 'beside'), entry })),
        recordTelemetry(deps, org, (tx) => rename(tx, 'no')),
        nameNow(),
      ])
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
    })
    expect([await nameNow(), await entries()]).toEqual(['beside', before + 2])
    expect(await counted()).toContain('beside')
  })

  it('is settled by telemetry alone', async () => {
    const settling = settleTogether(
      deps,
      org,
      () => mutate(deps, org, async (tx) => ({ result: await rename(tx, 'unsettled'), entry })),
      async (tx) => void (await rename(tx, 'settled')),
      () => false,
    )
    await expect(settling).rejects.toThrow('permission denied')
    expect(await nameNow()).toBe('beside')
  })
})
