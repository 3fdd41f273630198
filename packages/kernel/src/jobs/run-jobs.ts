import { Logger, run, runMigrations, type Task } from 'graphile-worker'
import { type Database, outlastOutages } from '../db/index.ts'
import type { BoundJob, RecurringJob } from './define-job.ts'
import { startTimetable } from './timetable.ts'

export type JobRunner = {
  /** Finishes the running jobs and returns waiting ones to the queue. While the database is away it does neither. */
  readonly stop: () => Promise<void>
}

export type JobRunnerOptions = {
  readonly db: Database
  readonly jobs: readonly BoundJob[]
  readonly recurring: readonly RecurringJob[]
  readonly concurrency: number
  readonly onError: (message: string, meta: Readonly<Record<string, unknown>>) => void
}

/** Installs or updates graphile-worker's own tables; must run before the kernel's migrations. */
export async function prepareJobs(db: Database): Promise<void> {
  await runMigrations({ pgPool: db.pool, logger: quietLogger(() => undefined) })
}

export async function runJobs({
  db,
  jobs,
  recurring,
  concurrency,
  onError,
}: JobRunnerOptions): Promise<JobRunner> {
  const stopping = new AbortController()
  const context = { signal: stopping.signal }
  const tasks: Record<string, Task> = {}
  for (const { job, run: work } of jobs) tasks[job.name] = (payload) => work(payload, context)
  for (const { name, run: work } of recurring) tasks[name] = () => work(context)

  const lasting = outlastOutages(db.pool)
  const runner = await run({
    pgPool: lasting.pool,
    // In the same order as in the timetable: both insert each name into a new database, and would deadlock otherwise.
    taskList: Object.fromEntries(Object.entries(tasks).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    // The worker's own cron is not used, since it follows the clock of this machine; without this list the worker would
    // look for a crontab file.
    parsedCronItems: [],
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: quietLogger(onError),
  })
  const timetable = await startTimetable({ db }, recurring, onError).catch(async (error: unknown) => {
    await runner.stop()
    throw error
  })
  return {
    stop: async () => {
      await timetable.stop()
      stopping.abort()
      await Promise.race([runner.stop(), lasting.abandon()])
    },
  }
}

function quietLogger(onError: JobRunnerOptions['onError']): Logger {
  return new Logger(() => (level: string, message, meta) => {
    if (level === 'error') onError(message, { ...meta })
  })
}
