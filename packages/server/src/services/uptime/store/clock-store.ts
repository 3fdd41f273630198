import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MonitorKey } from './claim-store.ts'

export type DueBounds = {
  /** A re-check comes after the interval divided by this, within `min` and `max` seconds. */
  readonly perInterval: number
  readonly min: number
  readonly max: number
  readonly leaseExtraMs: number
  readonly catchUpSecondsMax: number
  readonly clockToleranceSeconds: number
}

/**
 * Brings forward checks due later than any rule would set them: re-checks to now, all others spread over at most a
 * minute. Also releases leases that outlast every check.
 */
export async function bringForward(tx: WriterTx, bounds: DueBounds): Promise<void> {
  const { perInterval, min, max, leaseExtraMs, catchUpSecondsMax, clockToleranceSeconds } = bounds
  await sql`
    WITH bound AS (
      SELECT s.org_id, s.monitor_id, s.location_id,
             s.lease_until > now() + make_interval(secs => (s.timeout_ms + ${leaseExtraMs}::int) / 1000.0 + slack)
               AS overlong,
             s.next_due_at > now() + slack * interval '1 second' + make_interval(secs =>
               CASE WHEN s.confirming
                    THEN coalesce(m.confirm_spacing_seconds,
                                  least(greatest(s.interval_seconds / ${perInterval}::int, ${min}::int), ${max}::int))
                    ELSE s.interval_seconds END) AS far,
             CASE WHEN s.confirming THEN 0
                  ELSE abs(hashtext(s.monitor_id)::bigint) % least(s.interval_seconds, ${catchUpSecondsMax}::int)
              END AS spread
        FROM uptime.schedule s
        JOIN uptime.monitor m ON m.org_id = s.org_id AND m.id = s.monitor_id,
             (VALUES (${clockToleranceSeconds}::int)) AS tolerance (slack)
       WHERE s.next_due_at > now() OR s.lease_until > now()
    ), found AS MATERIALIZED (
      SELECT bound.* FROM bound JOIN uptime.schedule s USING (org_id, monitor_id, location_id)
       WHERE far OR overlong FOR UPDATE OF s SKIP LOCKED
    )
    UPDATE uptime.schedule s
       SET lease_id = CASE WHEN found.overlong THEN NULL ELSE s.lease_id END,
           lease_node = CASE WHEN found.overlong THEN NULL ELSE s.lease_node END,
           lease_until = CASE WHEN found.overlong THEN NULL ELSE s.lease_until END,
           next_due_at = least(s.next_due_at, now() + found.spread * interval '1 second'),
           slot_at = least(s.next_due_at, now() + found.spread * interval '1 second')
      FROM found
     WHERE (s.org_id, s.monitor_id, s.location_id) = (found.org_id, found.monitor_id, found.location_id)`.execute(
    query(tx),
  )
}

/** Monitors that count as checked although their last check lies in the future. */
export async function listSeenInFuture(
  tx: WriterTx,
  toleranceSeconds: number,
  rowsMax: number,
): Promise<MonitorKey[]> {
  const { rows } = await sql<{ org_id: string; monitor_id: string }>`
    SELECT st.org_id, st.monitor_id FROM uptime.monitor_state st
      JOIN uptime.monitor m ON m.org_id = st.org_id AND m.id = st.monitor_id AND m.type <> 'heartbeat'
     WHERE st.last_checked_at > now() + make_interval(secs => ${toleranceSeconds}::int)
       AND st.status IN ('up', 'degraded', 'down')
     ORDER BY st.last_checked_at DESC LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(toKey)
}

/** Heartbeats outside maintenance whose deadline is later than a ping now would set it. */
export async function listFarDeadlines(
  tx: WriterTx,
  { graceSeconds, extraSeconds }: { readonly graceSeconds: number; readonly extraSeconds: number },
  rowsMax: number,
): Promise<MonitorKey[]> {
  const { rows } = await sql<{ org_id: string; monitor_id: string }>`
    SELECT h.org_id, h.monitor_id FROM uptime.heartbeat h
      JOIN uptime.monitor m ON m.org_id = h.org_id AND m.id = h.monitor_id
      JOIN uptime.monitor_state st ON st.org_id = h.org_id AND st.monitor_id = h.monitor_id
     -- The planner may read configs before it joins; those of other types can hold what ->> refuses (U+0000).
     WHERE st.state ->> 'maintenance' IS NULL AND CASE m.type WHEN 'heartbeat' THEN m.config ->> 'cron' END IS NULL
       AND h.deadline_at > now() + make_interval(secs => ${extraSeconds}::int
             + coalesce((m.config ->> 'graceSeconds')::int, ${graceSeconds}::int)
             + coalesce((m.config ->> 'periodSeconds')::int, 0))
     LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(toKey)
}

function toKey(row: { org_id: string; monitor_id: string }): MonitorKey {
  return { orgId: row.org_id, monitorId: row.monitor_id }
}
