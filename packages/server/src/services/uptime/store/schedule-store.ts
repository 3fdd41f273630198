import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { UptimeTables } from './tables.ts'

export type Pace = { readonly intervalSeconds: number; readonly timeoutMs: number }

/** Notifies every node of a check that is due before its next poll. */
export const checksAreDue = 'uptime:checks-are-due'

/** Schedules the checks of a monitor, the first one immediately. A monitor without a row here is never claimed. */
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

/** Changes a monitor's interval and time-out; a check that is due later than the new interval is brought forward. */
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

/** Unschedules a monitor. A running check loses its lease, and its result is dropped. */
export async function deleteSchedule(tx: AuditedTx, monitorId: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.schedule').where('monitor_id', '=', monitorId).execute()
}

/** Seconds by which the longest overdue check is late; 0 if none is. */
export async function findCheckLateness(tx: WriterTx): Promise<number> {
  // Two index lookups, one for each half, in the same order as claims.
  const { rows } = await sql<{ late: string | null }>`
    SELECT extract(epoch FROM now() - min(oldest)) AS late FROM (VALUES (true), (false)) AS half (confirming),
      LATERAL (SELECT next_due_at AS oldest FROM uptime.schedule s
                WHERE s.confirming = half.confirming AND next_due_at <= now()
                  AND (lease_until IS NULL OR lease_until < now())
                ORDER BY next_due_at LIMIT 1) AS first`.execute(query(tx))
  return Number(rows[0]?.late ?? 0)
}
