import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { openDatabase } from './database.ts'
import { assertServer, judgeServer, type ServerFacts } from './assert-server.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const sound: ServerFacts = {
  version: '16.0',
  versionNumber: 160_000,
  isReadOnly: false,
  encoding: 'UTF8',
  mayMakeRoles: true,
  hasRoles: false,
}

it.each<[promise: string, facts: Partial<ServerFacts>, fault: string | undefined]>([
  ['the oldest that is tested is taken', {}, undefined],
  ['a newer one is taken', { versionNumber: 180_001 }, undefined],
  [
    'one version older is named',
    { version: '15.14', versionNumber: 150_014 },
    'This PostgreSQL is 15.14, and Gatehouse needs 16 or newer',
  ],
  ['a replica is named', { isReadOnly: true }, 'a replica or read-only'],
  ['another encoding is named', { encoding: 'SQL_ASCII' }, 'encoded in SQL_ASCII'],
  ['a role that may not make roles is told how it may', { mayMakeRoles: false }, 'ALTER ROLE … CREATEROLE'],
  ['roles that are there need not be made', { mayMakeRoles: false, hasRoles: true }, undefined],
])('%s', (_promise, facts, fault) => {
  const judged = judgeServer({ ...sound, ...facts })
  if (fault === undefined) expect(judged).toBeUndefined()
  else expect(judged).toContain(fault)
})

it('the PostgreSQL of the tests is taken, and not once it is read-only', async () => {
  await assertServer(database.db)
  const name = new URL(database.url.reveal()).pathname.slice(1)
  await database.db.pool.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  const again = openDatabase({ url: database.url, connectionsMax: 1 })
  await expect(assertServer(again)).rejects.toThrow('read-only')
  await again.end()
})
