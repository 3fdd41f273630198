import { Logger, parseCronItems, run, runMigrations, type Task } from 'graphile-worker'
import type { Database } from '../db/index.ts'
import type { BoundJob, RecurringJob } from './define-job.ts'

export type JobRunner = {
  /** Finishes what is running and returns the rest to the queue. */
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

  const runner = await run({
    pgPool: db.pool,
    taskList: tasks,
    parsedCronItems: parseCronItems(recurring.map(({ name, cron }) => ({ task: name, match: cron }))),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: quietLogger(onError),
  })
  return {
    stop: async () => {
      stopping.abort()
      await runner.stop()
    },
  }
}

function quietLogger(onError: JobRunnerOptions['onError']): Logger {
  return new Logger(() => (level: string, message, meta) => {
    if (level === 'error') onError(message, { ...meta })
  })
}
