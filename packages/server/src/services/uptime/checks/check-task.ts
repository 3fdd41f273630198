import type { LookTask } from '../monitor-types/watch.ts'

/** One check as a thread is given it, credentials included: it never leaves this process. */
export type CheckTask = {
  /** Whose check it is: orgs take turns at what is scarce. */
  readonly orgId: string
  readonly task: LookTask
  readonly degradedAfterMs: number | null
  /** Looks the target's name up anew: a re-check must not repeat what the first look-up got wrong. */
  readonly freshName: boolean
}
