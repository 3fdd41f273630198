import { findOldestOf, isCutRow, type Kept, listRetentionEvidence } from '@gatehouse/kernel/retention'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'

/** Retention runs every hour, so rows that became due since the last run still exist. */
const slackMs = 3 * 3_600_000

/** Checks that no data of these kinds is kept for longer than claimed: due rows are removed, and were removed. */
export function keepNoLonger(kinds: readonly string[], daysMax: number) {
  return async ({ db, clock, schema }: Inside): Promise<Finding> => {
    const keptMsMax = daysMax * 86_400_000
    const nowMs = clock.now()
    let oldestDays = 0
    for (const kind of kinds) {
      const row = schema.retention.filter(isCutRow).find(({ what }) => what === kind)
      if (row === undefined) return fails(`Nothing cuts ${kind}`, { claimedDays: daysMax })
      if (toMs(row.kept) > keptMsMax)
        return fails(`The policy keeps ${kind} for longer`, { claimedDays: daysMax })
      const oldestMs = await findOldestOf(db, row)
      const ageMs = oldestMs === null ? 0 : nowMs - oldestMs
      oldestDays = Math.max(oldestDays, Math.floor(ageMs / 86_400_000))
      if (ageMs > keptMsMax + slackMs)
        return fails(`There are ${kind} that are older than is claimed`, { claimedDays: daysMax, oldestDays })
    }
    const rows = schema.retention.filter(isCutRow).filter(({ what }) => kinds.includes(what))
    const failed = (await listRetentionEvidence({ db }, rows)).filter(({ error }) => error !== null)
    const figures = { claimedDays: daysMax, oldestDays, failedRuns: failed.length }
    return failed.length > 0 ? fails('The last run of retention failed', figures) : holds(figures)
  }
}

function toMs(kept: Kept): number {
  if (kept === 'until expiry') return 0
  if ('days' in kept) return kept.days * 86_400_000
  return 'hours' in kept ? kept.hours * 3_600_000 : kept.minutes * 60_000
}
