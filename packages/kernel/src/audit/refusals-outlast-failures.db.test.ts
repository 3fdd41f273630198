import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, within } from '../db/index.ts'
import { newId } from '../ids/index.ts'
import { instanceOrgId, type SystemPrincipal } from '../principal/index.ts'
import { Secret } from '../secrets/index.ts'
import { proxyDatabase, testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAuditLog } from './audit-log.ts'
import { createRefusalLog, type Refusal } from './refusal-log.ts'
import { listEntries } from './store/audit-store.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })
const principal: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'test' }
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const refusal = (route: string, orgId?: string): Refusal => ({
  orgId,
  ip: '192.0.2.1',
  route,
  reason: 'unknown',
  atMs: Date.UTC(2026, 0, 1),
})

async function countsOf(route: string): Promise<readonly number[]> {
  const entries = await within(database, principal, (tx) => listEntries(tx, {}, { limit: 100 }))
  // Safe: these are the entries of refusals, whose payload this test's module wrote.
  const details = entries.map(({ payload }) => JSON.parse(payload ?? '{}') as { detail?: Detail })
  return details.flatMap(({ detail }) => (detail?.route === route ? [detail.count] : []))
}
type Detail = { readonly route: string; readonly count: number }

it('a refusal that cannot be written costs no other org its entry, and is given up after a while', async () => {
  const refused: unknown[] = []
  const log = createRefusalLog({ db: database.db, audit }, (error) => refused.push(error))
  log.note(refusal('GET /of-an-org-that-is-gone', newId(Date.UTC(2026, 0, 1))))
  log.note(refusal('GET /of-a-neighbour'))
  await expect.poll(() => countsOf('GET /of-a-neighbour')).toEqual([1])
  await expect.poll(() => refused.length).toBe(3)
  await log.stop()
  expect(refused).toHaveLength(3)
})

it('what was refused during an outage is written once it is over, with its count', async () => {
  const proxy = await proxyDatabase(database.url.reveal())
  const db = openDatabase({ url: new Secret(proxy.url) })
  const failed = Promise.withResolvers<void>()
  const log = createRefusalLog({ db, audit }, () => failed.resolve())
  try {
    await proxy.kill()
    for (let turn = 0; turn < 3; turn += 1) log.note(refusal('GET /in-an-outage'))
    await failed.promise
    await proxy.restore()
    log.note(refusal('GET /in-an-outage'))
    await log.stop()
    const counts = await countsOf('GET /in-an-outage')
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4)
  } finally {
    await db.end()
    await proxy.stop()
  }
})
