import { findNewestCheckpoint } from '@gatehouse/kernel/audit'
import { asWriter, recordTelemetry } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import { queueMail } from '../../mail/index.ts'
import { sendCheckpoint } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { listOrgsDueForCheckpoint, setCheckpointMailed } from '../store/checkpoint-mail-store.ts'

type CheckpointMailDeps = Pick<PlatformDeps, 'db' | 'clock' | 'mailer'>

const orgsAtOnce = 200
const beforeAllOrgs = '00000000-0000-0000-0000-000000000000'

/**
 * Queues a mail with the newest checkpoint of each chain to its owners, once per `checkpointMailDays` and never the
 * same one twice (A5).
 */
export async function mailCheckpoints(
  deps: CheckpointMailDeps,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  if (!deps.mailer.isConfigured) return
  const nowMs = deps.clock.now()
  const dueMs = nowMs - policy.checkpointMailDays * 86_400_000
  let afterOrg: string | undefined = beforeAllOrgs
  while (afterOrg !== undefined) {
    const from: string = afterOrg
    const orgs = await asWriter(deps, (tx) => listOrgsDueForCheckpoint(tx, dueMs, from, orgsAtOnce))
    for (const orgId of orgs) {
      signal.throwIfAborted()
      await recordTelemetry(deps, { kind: 'system', orgId, because: 'checkpoint mail' }, async (tx) => {
        const newest = await findNewestCheckpoint(tx)
        if (newest === undefined || !(await setCheckpointMailed(tx, nowMs, dueMs))) return
        await queueMail(tx, sendCheckpoint, { orgId, seq: newest.seq })
      })
    }
    afterOrg = orgs.length < orgsAtOnce ? undefined : orgs.at(-1)
  }
}
