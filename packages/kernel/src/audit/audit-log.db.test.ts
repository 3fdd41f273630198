import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { within } from '../db/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { isEntrySignature } from './link.ts'
import { mutate } from './mutate.ts'
import { listEntries } from './store/audit-store.ts'
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
      mutate(
        { db: database.db, audit: nodes[turn % 2] ?? createAuditLog(signingKey) },
        principal,
        async () => ({
          result: undefined,
          entry: [entry, entry, entry],
        }),
      ),
    ),
  )
  expect(await verify()).toMatchObject({ intact: true, entries: 40, faults: [] })
})

it('what was rolled back is no link, and the next entry stands where it would have', async () => {
  const audit = createAuditLog(signingKey)
  const { entries } = await verify()
  const write = (isKept: boolean): Promise<void> =>
    mutate({ db: database.db, audit }, principal, async () => ({
      entry: [entry, entry],
      conclude: async () => {
        if (!isKept) throw new Error('rolled back')
      },
    }))
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
  await mutate({ db: database.db, audit }, principal, async (tx) => {
    await audit.append(tx, [entry])
    await audit.append(tx, [])
    return { result: undefined, entry: [entry, entry] }
  })
  expect(await verify()).toMatchObject({ intact: true, entries: entries + 3 })
})

it('a result can be made of the very links that its entries became, and of payloads in a published form', async () => {
  const audit = createAuditLog(signingKey)
  const at = Date.UTC(2026, 5, 30)
  const links = await mutate({ db: database.db, audit }, principal, async () => ({
    entry: [
      { action: 'custom.first', payload: { note: 'Q3', event_type: 'custom.first' }, at },
      { action: 'custom.second', at },
    ],
    conclude: async (made) => made,
  }))
  const rows = await within(database, principal, (tx) => listEntries(tx, {}, { limit: 2 }))
  expect(links.map((link) => [String(link.seq), link.entry_hash])).toEqual(
    rows.toReversed().map((row) => [row.seq, row.entry_hash]),
  )
  expect(rows.at(-1)?.payload).toBe('{"event_type":"custom.first","note":"Q3"}')
  for (const { entry_hash: hash, signature } of links)
    expect(isEntrySignature(publicKey, hash, signature)).toBe(true)
  expect(await verify()).toMatchObject({ intact: true })
})
