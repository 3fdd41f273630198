import type { TenantTx } from '@gatehouse/kernel/db'
import type { CheckReply } from '../contract/monitors.ts'
import { findFirstFailure, listChecks } from '../store/check-store.ts'
import type { Incident } from '../store/incident-store.ts'
import { toCheckReply } from './list-checks.ts'

export type Evidence = { readonly lastGood: CheckReply | null; readonly firstBad: CheckReply | null }

/** The results right before and at the start of an incident. Null if a person or a due date opened it. */
export async function findEvidence(
  tx: TenantTx,
  { type, monitorId, startedAtMs }: Incident,
): Promise<Evidence | null> {
  if (monitorId === null || type === 'manual' || type === 'warning') return null
  const [good] = await listChecks(tx, { monitorId, toMs: startedAtMs, outcome: 'up' }, { limit: 1 })
  const bad = await findFirstFailure(tx, monitorId, startedAtMs)
  return {
    lastGood: good === undefined ? null : toCheckReply(good),
    firstBad: bad === undefined ? null : toCheckReply(bad),
  }
}
