import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase, outlastOutages } from '../db/index.ts'
import { Secret } from '../secrets/index.ts'
import { type DatabaseProxy, proxyDatabase, testDatabase, type TestDatabase } from '../testing/index.ts'
import { type JobRunner, runJobs } from './run-jobs.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let db: Database
let runner: JobRunner | undefined
const unhandled: unknown[] = []
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeEach(async () => {
  database = await testDatabase()
  proxy = await proxyDatabase(database.url.reveal())
  db = openDatabase({ url: new Secret(proxy.url) })
  unhandled.splice(0)
  process.on('unhandledRejection', noteUnhandled)
})
afterEach(async () => {
  process.off('unhandledRejection', noteUnhandled)
  await proxy.restore()
  await runner?.stop()
  runner = undefined
  await db.end()
  await proxy.stop()
  await database.drop()
})

async function start(work: () => Promise<void>): Promise<void> {
  runner = await runJobs({
    db,
    jobs: [],
    recurring: [{ name: 'test.work', cron: '0 0 31 2 *', run: work }],
    concurrency: 1,
    onError: () => undefined,
  })
}

async function enqueue(): Promise<void> {
  await database.db.pool.query(`SELECT graphile_worker.add_job('test.work', '{}')`)
}

async function countLeft(): Promise<number | null> {
  const { rowCount } = await database.db.pool.query('SELECT id FROM graphile_worker._private_jobs')
  return rowCount
}

it.each(['succeeds', 'fails'])(
  'outages-stop-no-jobs: work that %s as the database goes away is told to it once it is back, and the next is done',
  async (outcome) => {
    let runs = 0
    const ran = Promise.withResolvers<void>()
    await start(async () => {
      runs += 1
      if (runs > 1) return
      await proxy.kill()
      ran.resolve()
      if (outcome === 'fails') throw new Error('The work itself went wrong')
    })
    await enqueue()
    await ran.promise
    // An unhandled rejection is reported only after the turn of the event loop in which it came.
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await proxy.restore()
    await enqueue()
    // A failed job stays, to be retried after its pause.
    await expect.poll(async () => [runs, await countLeft()]).toEqual([2, outcome === 'fails' ? 1 : 0])
    expect(unhandled).toEqual([])
  },
)

it('outages-stop-no-jobs: the connection that listens can be given back by a stop and by its failure', async () => {
  const { pool } = outlastOutages(db.pool)
  const giveBack = await new Promise<() => void>((resolve, reject) =>
    pool.connect((error, _client, release) => (error === undefined ? resolve(release) : reject(error))),
  )
  giveBack()
  giveBack()
  expect(db.pool.idleCount).toBe(1)
})

it('outages-stop-no-jobs: while the database is away a runner stops all the same', async () => {
  const ran = Promise.withResolvers<void>()
  await start(async () => {
    await proxy.kill()
    ran.resolve()
  })
  await enqueue()
  await ran.promise
  await runner?.stop()
  runner = undefined
  expect(unhandled).toEqual([])
})
