import type { PlatformDeps } from '../deps.ts'
import { platformJobs } from '../jobs/index.ts'

/** Runs what is queued, as the job runner would, until nothing is. */
export async function runQueue(deps: PlatformDeps): Promise<void> {
  const jobs = platformJobs(deps)
  for (;;) {
    const { rows } = await deps.db.pool.query<{ identifier: string; payload: unknown }>(
      `WITH gone AS (DELETE FROM graphile_worker._private_jobs RETURNING task_id, payload)
       SELECT t.identifier, gone.payload FROM gone JOIN graphile_worker._private_tasks t ON t.id = gone.task_id`,
    )
    if (rows.length === 0) return
    for (const { identifier, payload } of rows)
      await jobs
        .find(({ job }) => job.name === identifier)
        ?.run(payload, { signal: new AbortController().signal })
  }
}
