import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { assertChannel } from './assert-channel.ts'
import { listenForInvalidations } from './invalidations.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

it('a channel that hears what is notified is taken, and one that does not is told from it', async () => {
  const channel = await listenForInvalidations(database.url)
  await assertChannel(database.db, channel)
  // The effect of a pooler in transaction mode.
  await channel.ask('UNLISTEN *')
  await expect(assertChannel(database.db, channel, 200)).rejects.toThrow('a pooler in session mode')
  await channel.stop()
})
