import type { z } from 'zod'
import type { WritingTx } from '../db/index.ts'
import type { Job } from './define-job.ts'
import { enqueueJob } from './store/job-store.ts'

export type EnqueueOptions = {
  /** The earliest start. Default: as soon as the transaction commits. */
  readonly runAtMs?: number
  /** A job replaces an earlier one with the same key that has not started yet. */
  readonly key?: string
  /** Jobs of one queue run one after another. */
  readonly queue?: string
}

/** Enqueues a job in the caller's transaction: the job exists if and only if the transaction commits. */
export async function enqueue<S extends z.ZodType<{ orgId: string }>>(
  tx: WritingTx,
  job: Job<S>,
  payload: z.input<S>,
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueJob(tx, job.name, job.payload.parse(payload), options)
}
