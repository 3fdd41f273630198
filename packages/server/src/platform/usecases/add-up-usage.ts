import { asWriter } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { addUpUsage as addUpStep } from '../store/usage-store.ts'

const stepMs = 86_400_000

/** Brings the daily sums up to date, one day's calls per transaction; after a long outage it catches up. */
export async function addUpUsage(
  deps: Pick<PlatformDeps, 'db' | 'clock'>,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  // Calls are written within a second; those of a node that cannot reach the database for longer are not added up.
  const untilMs = deps.clock.now() - policy.usageSettleMinutes * 60_000
  while (!signal.aborted)
    if ((await asWriter(deps, (tx) => addUpStep(tx, untilMs, stepMs))) >= untilMs) return
}
