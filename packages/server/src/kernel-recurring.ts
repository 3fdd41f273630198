import { sendCheckpoints, type SigningKey, writeCheckpoints } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import type { RecurringJob } from '@gatehouse/kernel/jobs'
import { applyRetention, type RetentionDeps } from '@gatehouse/kernel/retention'
import { appendAnchor } from './operations/append-anchor.ts'
import { publishCheckpoint } from './platform/index.ts'
import type { ServiceSchema } from './service/define-service.ts'

/** The recurring jobs of the kernel. `anchors` is the file to which each checkpoint is appended, if there is one. */
export function kernelRecurring(
  deps: RetentionDeps & { readonly db: Database; readonly clock: Clock },
  schema: ServiceSchema,
  signingKey: SigningKey,
  anchors: string | undefined,
): readonly RecurringJob[] {
  const { db, clock } = deps
  return [
    keepPartitions(db, clock, schema),
    keepCheckpoints(db, clock, signingKey, anchors),
    keepRetention(deps, schema),
  ]
}

function keepPartitions(db: Database, clock: Clock, { partitions }: ServiceSchema): RecurringJob {
  return {
    name: 'kernel.partitions',
    cron: '17 * * * *',
    run: () => ensurePartitions(db, partitions, clock.now()),
  }
}

function keepCheckpoints(
  db: Database,
  clock: Clock,
  signingKey: SigningKey,
  anchors: string | undefined,
): RecurringJob {
  return {
    name: 'kernel.audit-checkpoints',
    cron: '*/10 * * * *',
    run: async ({ signal }) => {
      await writeCheckpoints({ db }, signingKey, clock.now(), signal)
      await sendCheckpoints({ db }, signal, async (tx, checkpoint) => {
        await publishCheckpoint(tx, checkpoint)
        if (anchors !== undefined) await appendAnchor(anchors, checkpoint)
      })
    },
  }
}

function keepRetention(deps: RetentionDeps, { retention }: ServiceSchema): RecurringJob {
  return {
    name: 'kernel.retention',
    cron: '23 * * * *',
    run: async ({ signal }) => void (await applyRetention(deps, retention, signal)),
  }
}
