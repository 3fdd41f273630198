import type { z } from 'zod'

/** A kind of job as data. The module that enqueues it defines the schema of the payload, which always names its org. */
export type Job<Schema extends z.ZodType<{ orgId: string }> = z.ZodType<{ orgId: string }>> = {
  /** `service.verb`, unique in the instance. */
  readonly name: string
  readonly payload: Schema
}

export type JobContext = {
  /** Aborted when the node stops; the job then returns to the queue. */
  readonly signal: AbortSignal
}

export type BoundJob = {
  readonly job: Job
  readonly run: (payload: unknown, context: JobContext) => Promise<void>
}

/** Work on a schedule; it runs once per due time, however many nodes there are. */
export type RecurringJob = {
  readonly name: string
  /** Five cron fields, UTC. */
  readonly cron: string
  readonly run: (context: JobContext) => Promise<void>
}

export function defineJob<const S extends z.ZodType<{ orgId: string }>>(job: Job<S>): Job<S> {
  return job
}

export function bindJob<S extends z.ZodType<{ orgId: string }>>(
  job: Job<S>,
  run: (payload: z.output<S>, context: JobContext) => Promise<void>,
): BoundJob {
  return { job, run: async (payload, context) => run(job.payload.parse(payload), context) }
}
