import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { within } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { mutate } from './mutate.ts'
import { verifyChain } from './verify-chain.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signingKey = { id: 'test-1', privateKey, publicKey }
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const entry = { action: 'test.write', at: Date.UTC(2026, 0, 1) }
const verify = () => verifyChain(database, principal, new Map([['test-1', publicKey]]))

it('nodes that take turns, each unaware of the other, leave one chain', async () => {
  const nodes = [createAuditLog(signingKey), createAuditLog(signingKey)]
  for (let turn = 0; turn < 5; turn += 1)
    for (const audit of nodes)
      await mutate({ db: database.db, audit }, principal, async () => ({ result: undefined, entry }))
  await Promise.all(
    Array.from({ length: 10 }, (_, turn) =>
      within(database, principal, async (tx) => nodes[turn % 2]?.append(tx, [entry, entry, entry])),
    ),
  )
  expect(await verify()).toMatchObject({ intact: true, entries: 40, faults: [] })
})

it('what was rolled back is no link, and the next entry stands where it would have', async () => {
  const audit = createAuditLog(signingKey)
  const { entries } = await verify()
  const write = (isKept: boolean): Promise<void> =>
    within(database, principal, async (tx) => {
      await audit.append(tx, [entry, entry])
      if (!isKept) throw new Error('rolled back')
    })
  await expect(write(false)).rejects.toThrow('rolled back')
  expect(await verify()).toMatchObject({ intact: true, entries })
  await write(true)
  await expect(write(false)).rejects.toThrow('rolled back')
  await write(true)
  expect(await verify()).toMatchObject({ intact: true, entries: entries + 4 })
})

it('two appends of one transaction are links of one chain', async () => {
  const audit = createAuditLog(signingKey)
  const { entries } = await verify()
  await within(database, principal, async (tx) => {
    await audit.append(tx, [entry])
    await audit.append(tx, [])
    await audit.append(tx, [entry, entry])
  })
  expect(await verify()).toMatchObject({ intact: true, entries: entries + 3 })
})
