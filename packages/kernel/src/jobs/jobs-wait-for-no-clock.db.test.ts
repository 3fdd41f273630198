import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { type JobRunner, runJobs } from './run-jobs.ts'

let database: TestDatabase
let runners: JobRunner[]
const errors: string[] = []

beforeEach(async () => {
  database = await testDatabase()
  runners = []
  errors.splice(0)
})
afterEach(async () => {
  for (const runner of runners) await runner.stop()
  await database.drop()
})

/** Starts a node, and returns what ends once its job has run. */
async function start(
  cron = '* * * * *',
): Promise<{ readonly ran: Promise<void>; readonly count: () => number }> {
  const done = Promise.withResolvers<void>()
  let runs = 0
  const run = async (): Promise<void> => {
    runs += 1
    done.resolve()
  }
  runners.push(
    await runJobs({
      db: database.db,
      jobs: [],
      recurring: [{ name: 'test.work', cron, run }],
      concurrency: 2,
      onError: (message) => void errors.push(message),
    }),
  )
  return { ran: done.promise, count: () => runs }
}

const ask = (statement: string) => database.db.pool.query(statement)
const never = '0 0 31 2 *'

describe('jobs-wait-for-no-clock-that-stepped-back', () => {
  it('recurring work whose last time lies ahead runs when the clock says so', async () => {
    await ask(`INSERT INTO gatehouse.timetable VALUES ('test.work', now() + interval '1 hour')`)
    const { count } = await start()
    await expect.poll(() => count()).toBeGreaterThan(0)
    const { rows } = await ask('SELECT last_at <= now() AS past FROM gatehouse.timetable')
    expect(rows).toEqual([{ past: true }])
  })

  it.each([
    ['that was queued to run at once', 0],
    ['that waits between its attempts', 3],
  ])('work %s while the clock was ahead runs now', async (_what, attempts) => {
    await ask(`SELECT graphile_worker.add_job('test.work', '{}', run_at => now() + interval '2 hours')`)
    await ask(`UPDATE graphile_worker._private_jobs SET attempts = ${attempts}`)
    const { count } = await start(never)
    await expect.poll(() => count()).toBe(1)
  })

  it('work that is planned for later, and a wait that has its length, stay', async () => {
    await ask(
      `SELECT graphile_worker.add_job('test.work', '{}', run_at => now() + interval '2 hours', job_key => 'a')`,
    )
    await ask(`SELECT graphile_worker.add_job('test.work', '{}', run_at => now() + interval '20 seconds')`)
    await ask('UPDATE graphile_worker._private_jobs SET attempts = 3 WHERE key IS NULL')
    await start(never)
    const { rows } = await ask(
      'SELECT count(*)::int AS waiting FROM graphile_worker._private_jobs WHERE run_at > now()',
    )
    expect(rows).toEqual([{ waiting: 2 }])
  })

  it('the lease of a node that died ends four hours from now, and not from a time that lies ahead', async () => {
    await ask(`SELECT graphile_worker.add_job('test.work', '{}')`)
    await ask(
      `UPDATE graphile_worker._private_jobs SET locked_by = 'dead', locked_at = now() + interval '1 day'`,
    )
    await start(never)
    const { rows } = await ask('SELECT locked_at <= now() AS past FROM graphile_worker._private_jobs')
    expect(rows).toEqual([{ past: true }])
  })

  it('of three nodes one queues it, and a node that starts again within the minute does not', async () => {
    const nodes = [await start('* * * * *'), await start('* * * * *'), await start('* * * * *')]
    await Promise.race(nodes.map(({ ran }) => ran))
    const { rows } = await ask('SELECT count(*)::int AS minutes FROM gatehouse.timetable')
    expect(rows).toEqual([{ minutes: 1 }])
    expect(nodes.reduce((sum, { count }) => sum + count(), 0)).toBeLessThanOrEqual(2)
    expect(errors).toEqual([])
  })
})
