import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { UptimeTables } from './tables.ts'

export type Pace = { readonly intervalSeconds: number; readonly timeoutMs: number }

/** Told to every node when a check is due that its next look would find later. */
export const checksAreDue = 'uptime:checks-are-due'

/** Plans the checks of a monitor, the first one at once. A monitor without a row here is never claimed. */
export async function insertSchedule(
  tx: AuditedTx,
  monitorId: string,
  { intervalSeconds, timeoutMs }: Pace,
): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.schedule')
    .values({
      org_id: tx.orgId,
      monitor_id: monitorId,
      next_due_at: sql`now()`,
      slot_at: sql`now()`,
      interval_seconds: intervalSeconds,
      timeout_ms: timeoutMs,
      lease_id: null,
      lease_until: null,
      lease_node: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await sql`SELECT gatehouse.invalidate(${checksAreDue})`.execute(query(tx))
}

/** Changes how often and how long a monitor is looked at; nothing waits longer than the new interval. */
export async function setSchedulePace(
  tx: AuditedTx,
  monitorId: string,
  { intervalSeconds, timeoutMs }: Pace,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.schedule')
    .set({
      interval_seconds: intervalSeconds,
      timeout_ms: timeoutMs,
      next_due_at: sql`least(next_due_at, now() + make_interval(secs => ${intervalSeconds}))`,
    })
    .where('monitor_id', '=', monitorId)
    .execute()
}

/** Stops the checks of a monitor: a check that runs now has lost its lease, and its result is dropped. */
export async function deleteSchedule(tx: AuditedTx, monitorId: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.schedule').where('monitor_id', '=', monitorId).execute()
}

/** For how many seconds the check that is due longest has waited for a node to take it; 0 when none waits. */
export async function findCheckLateness(tx: WriterTx): Promise<number> {
  // One step into the index for each of its two halves, as claims go.
  const { rows } = await sql<{ late: string | null }>`
    SELECT extract(epoch FROM now() - min(oldest)) AS late FROM (VALUES (true), (false)) AS half (confirming),
      LATERAL (SELECT next_due_at AS oldest FROM uptime.schedule s
                WHERE s.confirming = half.confirming AND next_due_at <= now()
                  AND (lease_until IS NULL OR lease_until < now())
                ORDER BY next_due_at LIMIT 1) AS first`.execute(query(tx))
  return Number(rows[0]?.late ?? 0)
}
