import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { within } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { appendKeyRotation } from './rotate-signing-key.ts'
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
  await within(database, principal, (tx) => createAuditLog(first).append(tx, [{ action: 'test.a', at: 1 }]))
  await within(database, principal, (tx) => appendKeyRotation(tx, first, second, 2))
  expect(await verifyChain(database, principal, publicKeys)).toMatchObject({ intact: true, entries: 2 })
  await within(database, principal, (tx) => appendKeyRotation(tx, stranger, second, 3))
  expect((await verifyChain(database, principal, publicKeys)).faults).toEqual([
    { seq: 3, because: 'the signature of the key that it retires does not fit' },
  ])
})
