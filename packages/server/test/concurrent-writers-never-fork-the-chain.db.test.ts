import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog, mutate, verifyChain } from '@gatehouse/kernel/audit'
import { connectOnce } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const writers = 16
const entriesEach = 50
const entries = writers * entriesEach
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const publicKeys = new Map([['test-1', publicKey]])
const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const verify = () => verifyChain(database, principal, publicKeys)

/** Tampers as someone with the powers of the database's owner would, looks, and puts everything back. */
async function faultsAfter(...statements: readonly string[]): Promise<number[]> {
  await connectOnce(database.url, async (run) => {
    await run('ALTER TABLE gatehouse.audit_entry NO FORCE ROW LEVEL SECURITY')
    await run('CREATE TABLE public.kept AS SELECT * FROM gatehouse.audit_entry')
    for (const statement of statements) await run(statement)
  })
  const { faults } = await verify()
  await connectOnce(database.url, async (run) => {
    await run('DELETE FROM gatehouse.audit_entry')
    await run('INSERT INTO gatehouse.audit_entry SELECT * FROM public.kept')
    await run('DROP TABLE public.kept')
  })
  return faults.map(({ seq }) => seq)
}

it(`concurrent-writers-never-fork-the-chain: ${writers} at once leave one chain, without a fork or a gap`, async () => {
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < entriesEach; n += 1)
        await mutate({ db: database.db, audit }, principal, async () => ({
          result: undefined,
          entry: { action: 'test.write', resourceId: `${writer}-${n}`, at: Date.now() },
        }))
    }),
  )
  expect(await verify()).toMatchObject({ intact: true, entries, faults: [] })
})

it.each<[promise: string, statements: readonly string[], seqs: readonly number[]]>([
  [
    'a flipped byte in a payload is found',
    [
      `UPDATE gatehouse.audit_entry SET payload = replace(payload, 'test.write', 'test.wrote') WHERE seq = 400`,
    ],
    [400],
  ],
  [
    'a flipped digit in a hash is found, at the entry and at the next',
    [`UPDATE gatehouse.audit_entry SET entry_hash = translate(entry_hash, '01', '10') WHERE seq = 400`],
    [400, 401],
  ],
  [
    'a dropped row is found where the next one stands',
    ['DELETE FROM gatehouse.audit_entry WHERE seq = 400'],
    [401],
  ],
  [
    'dropped rows at the end are found',
    [`DELETE FROM gatehouse.audit_entry WHERE seq > ${entries - 3}`],
    [entries],
  ],
  [
    'two swapped rows are found',
    [
      'UPDATE gatehouse.audit_entry SET seq = 100000 WHERE seq = 400',
      'UPDATE gatehouse.audit_entry SET seq = 400 WHERE seq = 401',
      'UPDATE gatehouse.audit_entry SET seq = 401 WHERE seq = 100000',
    ],
    [400, 401, 402],
  ],
])('%s', async (_promise, statements, seqs) => {
  expect([...new Set(await faultsAfter(...statements))]).toEqual(seqs)
  expect(await verify()).toMatchObject({ intact: true, entries })
})
