import { mutate } from './mutate.ts'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { query, recordTelemetry } from '../db/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { verifyExport } from './judge-chain.ts'
import { sha256Hex } from './link.ts'
import { exportChain, exportCheckpoints, verifyChain } from './verify-chain.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })
const publicKeys = new Map([['test-1', publicKey]])
const atMs = Date.UTC(2026, 0, 1)
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  // Rows are changed as by somebody who holds the whole database.
  for (const table of ['audit_entry', 'audit_head', 'audit_checkpoint'])
    await database.db.pool.query(`ALTER TABLE gatehouse.${table} NO FORCE ROW LEVEL SECURITY`)
})
afterAll(() => database.drop())

/** Makes a new org whose chain has six entries and is signed to its end. */
async function begin(): Promise<SystemPrincipal> {
  const principal: SystemPrincipal = { kind: 'system', orgId: randomUUID(), because: 'test' }
  await mutate({ db: database.db, audit }, principal, async (tx) => {
    const at = new Date(atMs)
    await sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
              VALUES (${tx.orgId}, 'a', ${tx.orgId}, ${at}, ${at})`.execute(query(tx))
    const decisions = Array.from({ length: 5 }, (_, n) => ({ action: 'test.write', at: atMs + n }))
    await audit.append(tx, decisions)
    return { result: undefined, entry: { action: 'test.write', at: atMs + 5 } }
  })
  expect(await recordTelemetry(database, principal, (tx) => audit.checkpoint(tx, atMs))).toBe(6)
  return principal
}

/** Verifies the export of a chain, with its latest checkpoint, as the API returns it. */
async function verifyItsExport(principal: SystemPrincipal) {
  const lastSeq = await recordTelemetry(database, principal, (tx) => audit.checkpoint(tx, atMs))
  const lines: string[] = []
  for await (const checkpoint of exportCheckpoints(database, principal, lastSeq))
    lines.push(JSON.stringify({ kind: 'checkpoint', ...checkpoint }))
  for await (const entry of exportChain(database, principal, lastSeq)) lines.push(JSON.stringify(entry))
  return verifyExport(lines, publicKeys)
}

const nonsense = 'not JSON'

it.each<[promise: string, change: string, seq: number, because: string]>([
  [
    'a payload that is no JSON is named, though its hash was made to fit',
    `UPDATE gatehouse.audit_entry SET payload = '${nonsense}', payload_hash = '${sha256Hex(nonsense)}'
      WHERE org_id = $1 AND seq = 3`,
    3,
    'its payload is not a JSON object',
  ],
  [
    'a payload that is no object is named, though its hash was made to fit',
    `UPDATE gatehouse.audit_entry SET payload = 'null', payload_hash = '${sha256Hex('null')}'
      WHERE org_id = $1 AND seq = 3`,
    3,
    'its payload is not a JSON object',
  ],
  [
    'a time that no calendar has is named',
    `UPDATE gatehouse.audit_entry SET ts = 'infinity' WHERE org_id = $1 AND seq = 3`,
    3,
    'its link was changed after it was written',
  ],
  [
    'a time that is moved by a millisecond is named',
    `UPDATE gatehouse.audit_entry SET ts = ts + interval '1 millisecond' WHERE org_id = $1 AND seq = 3`,
    3,
    'its link was changed after it was written',
  ],
  [
    'a checkpoint of a time that no calendar has is named',
    `UPDATE gatehouse.audit_checkpoint SET ts = '-infinity' WHERE org_id = $1`,
    6,
    'the signature of its checkpoint does not fit',
  ],
  [
    'an end that was cut off is named, though the head was set back with it',
    `WITH gone AS (DELETE FROM gatehouse.audit_entry WHERE org_id = $1 AND seq > 4)
     UPDATE gatehouse.audit_head AS head SET seq = 4, entry_hash = entry.entry_hash
       FROM gatehouse.audit_entry AS entry
      WHERE head.org_id = $1 AND entry.org_id = $1 AND entry.seq = 4`,
    6,
    'a checkpoint signed this entry, and it is missing',
  ],
])('%s, in the database as in an export', async (_promise, change, seq, because) => {
  const principal = await begin()
  expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true, entries: 6 })
  await database.db.pool.query(change, [principal.orgId])
  const verdicts = [await verifyChain(database, principal, publicKeys), await verifyItsExport(principal)]
  for (const { intact, faults } of verdicts) {
    expect(intact).toBe(false)
    expect(faults).toContainEqual({ seq, because })
  }
})

it('a chain that grows while it is verified is intact', async () => {
  const principal = await begin()
  const growing = Array.from({ length: 20 }, (_, n) =>
    mutate({ db: database.db, audit }, principal, async (tx) => ({
      entry: { action: 'test.write', at: atMs + n },
      conclude: () => audit.checkpoint(tx, atMs),
    })),
  )
  const verdicts = await Promise.all(
    Array.from({ length: 10 }, () => verifyChain(database, principal, publicKeys)),
  )
  await Promise.all(growing)
  for (const verdict of verdicts) expect(verdict).toMatchObject({ intact: true, faults: [] })
  expect(await verifyItsExport(principal)).toMatchObject({ intact: true, entries: 26 })
})
