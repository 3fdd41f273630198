import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { query } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import type { Decision } from './audit-entry.ts'
import { createAuditLog } from './audit-log.ts'
import { mutate } from './mutate.ts'
import { toKeyRotation } from './rotate-signing-key.ts'
import type { SigningKey } from './signing-key.ts'
import { verifyChain } from './verify-chain.ts'

const newKey = (id: string) => ({ id, ...generateKeyPairSync('ed25519') })
const [first, second, stranger] = [newKey('sig-1'), newKey('sig-2'), newKey('sig-1')]
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
const publicKeys = new Map([first, second].map(({ id, publicKey }) => [id, publicKey]))
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

it('a rotation signed by both keys verifies, and one that the retiring key did not sign is found', async () => {
  const append = (signingKey: SigningKey, entry: Decision) =>
    mutate({ db: database.db, audit: createAuditLog(signingKey) }, principal, async () => ({
      result: undefined,
      entry,
    }))
  await append(first, { action: 'test.a', at: 1 })
  await append(second, toKeyRotation(principal.orgId, first, second, 2))
  expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true, entries: 2 })
  await append(second, toKeyRotation(principal.orgId, stranger, second, 3))
  expect((await verifyChain(database, principal, publicKeys)).faults).toEqual([
    { seq: 3, because: 'the signature of the key that it retires does not fit' },
  ])
})

it('a-retired-key-signs-nothing-new: what it signed before stays good, and ten minutes after it is found', async () => {
  const org: SystemPrincipal = { kind: 'system', orgId: randomUUID(), because: 'test' }
  const append = (signingKey: SigningKey, entry: Decision) =>
    mutate({ db: database.db, audit: createAuditLog(signingKey) }, org, async () => ({
      result: undefined,
      entry,
    }))
  const verify = () => verifyChain(database, org, publicKeys)
  await mutate({ db: database.db, audit: createAuditLog(first) }, org, async (tx) => {
    await sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
              VALUES (${tx.orgId}, 'a', ${tx.orgId}, now(), now())`.execute(query(tx))
    return { result: undefined, entry: { action: 'test.old', at: 1_000 } }
  })
  await append(second, toKeyRotation(org.orgId, first, second, 2_000))
  // A node that has not heard of the new key yet.
  await append(first, { action: 'test.late', at: 602_000 })
  await append(second, { action: 'test.new', at: 602_001 })
  expect(await verify()).toMatchObject({ intact: true, entries: 4 })
  await append(first, { action: 'test.stolen', at: 602_000 })
  expect((await verify()).faults).toEqual([
    { seq: 5, because: 'it is signed by the key sig-1, which entry 2 had retired' },
  ])
})
