import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { runJobs } from './run-jobs.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

async function countOf(statement: string): Promise<number> {
  const { rows } = await database.db.pool.query<{ count: number }>(statement)
  return rows[0]?.count ?? 0
}

it('a-first-start-waits-for-nobody-who-waits-for-it: what queues recurring work and what runs it name the jobs in one order', async () => {
  // Both name every job to the new database. Somebody else holds up both in the middle.
  const other = await database.db.pool.connect()
  await other.query('BEGIN')
  await other.query(`INSERT INTO graphile_worker._private_tasks (identifier) VALUES ('test.m')`)
  const starting = runJobs({
    db: database.db,
    jobs: [],
    recurring: ['test.z', 'test.m', 'test.B', 'test.a'].map((name) => ({
      name,
      cron: '* * * * *',
      run: async () => undefined,
    })),
    concurrency: 1,
    onError: () => undefined,
  })
  await expect
    .poll(() =>
      countOf(`SELECT count(*)::int FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'`),
    )
    .toBe(2)
  await other.query('ROLLBACK')
  other.release()
  const runner = await starting
  await runner.stop()
  const deadlocks = `SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()`
  // The statistics of a session are visible once it has reported them.
  await database.db.pool.query('SELECT pg_stat_force_next_flush()')
  expect(await countOf(deadlocks)).toBe(0)
})
