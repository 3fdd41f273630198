export {
  bindJob,
  defineJob,
  type BoundJob,
  type Job,
  type JobContext,
  type RecurringJob,
} from './define-job.ts'
export { enqueue, type EnqueueOptions } from './enqueue.ts'
export { countWaitingJobs } from './store/job-store.ts'
export { prepareJobs, runJobs, type JobRunner, type JobRunnerOptions } from './run-jobs.ts'
