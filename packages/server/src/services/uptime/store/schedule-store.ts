import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { UptimeTables } from './tables.ts'

export type Pace = { readonly intervalSeconds: number; readonly timeoutMs: number }

/** Notifies every node of a check that is due before its next poll. */
export const checksAreDue = 'uptime:checks-are-due'

/** Schedules the checks of monitors, the first ones immediately. A monitor without a row here is never claimed. */
export async function insertSchedules(
  tx: AuditedTx,
  paces: readonly (Pace & { readonly monitorId: string })[],
): Promise<void> {
  if (paces.length === 0) return
  await sql`
    INSERT INTO uptime.schedule (org_id, monitor_id, next_due_at, slot_at, interval_seconds, timeout_ms)
    SELECT ${tx.orgId}::uuid, pace.monitor_id, now(), now(), pace.interval_seconds, pace.timeout_ms
      FROM unnest(
        ${paces.map(({ monitorId }) => monitorId)}::text[],
        ${paces.map(({ intervalSeconds }) => intervalSeconds)}::integer[],
        ${paces.map(({ timeoutMs }) => timeoutMs)}::integer[]) AS pace (monitor_id, interval_seconds, timeout_ms)
    ON CONFLICT DO NOTHING`.execute(query(tx))
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

/** Unschedules monitors. A running check loses its lease, and its result is dropped. */
export async function deleteSchedules(tx: AuditedTx, monitorIds: readonly string[]): Promise<void> {
  if (monitorIds.length === 0) return
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.schedule')
    .where(sql<boolean>`monitor_id = ANY (${[...monitorIds]}::text[])`)
    .execute()
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
