import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query } from '@gatehouse/kernel/db'
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
