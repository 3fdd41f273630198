import { asWriter } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob, type RecurringJob } from '@gatehouse/kernel/jobs'
import { probeJob } from '../contract/jobs.ts'
import type { PostureDeps } from '../deps.ts'
import { carryOutRun, probeDue, queueDue } from '../usecases/run-probes.ts'

export function postureJobs(deps: PostureDeps): readonly BoundJob[] {
  return [
    bindJob(probeJob, ({ runId }, { signal }) =>
      runId === null ? probeDue(deps, signal) : carryOutRun(deps, runId, signal),
    ),
  ]
}

export function postureRecurring(deps: PostureDeps): readonly RecurringJob[] {
  if (!deps.isScheduled) return []
  return [{ name: 'posture.queue-due', cron: '*/5 * * * *', run: () => asWriter(deps, (tx) => queueDue(tx)) }]
}
