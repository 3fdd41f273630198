import type { LookTask } from '../monitor-types/watch.ts'

/** One check as it is passed to a thread. It contains credentials, so it never leaves this process. */
export type CheckTask = {
  /** The organisation of the check; scarce resources are shared in turns between organisations. */
  readonly orgId: string
  readonly task: LookTask
  readonly degradedAfterMs: number | null
  /** Resolves the target's name anew, so that a re-check does not repeat a wrong DNS answer. */
  readonly freshName: boolean
}
