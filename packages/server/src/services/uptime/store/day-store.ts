import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Interval } from '../domain/timeline.ts'
import { groupIntervals, type IntervalRow } from './timeline-store.ts'

/** The timelines of these monitors since a time, oldest first. */
export async function listIntervalsOf(
  tx: TenantTx,
  ids: readonly string[],
  fromMs: number,
): Promise<ReadonlyMap<string, readonly Interval[]>> {
  const { rows } = await sql<IntervalRow>`
    SELECT monitor_id, from_ms, to_ms, state, blip_ms, incident_id FROM uptime.state_interval
     WHERE org_id = ${tx.orgId} AND monitor_id = ANY (${[...ids]}::text[])
       AND (to_ms IS NULL OR to_ms > ${fromMs}) ORDER BY monitor_id, from_ms`.execute(query(tx))
  return groupIntervals(rows)
}

/** Response times of the last checks of these monitors, oldest first; null where there was no response. */
export async function listResponsesOf(
  tx: TenantTx,
  ids: readonly string[],
  sinceMs: number,
  count: number,
): Promise<ReadonlyMap<string, readonly (number | null)[]>> {
  const { rows } = await sql<{ readonly id: string; readonly responses: readonly (number | null)[] }>`
    SELECT m.id, array(
      SELECT r.total_ms FROM (
        SELECT c.started_at, c.total_ms FROM uptime.check_result c
         WHERE c.org_id = ${tx.orgId} AND c.monitor_id = m.id AND c.started_at > ${new Date(sinceMs)}
         ORDER BY c.started_at DESC LIMIT ${count}) r
       ORDER BY r.started_at) AS responses
      FROM unnest(${[...ids]}::text[]) AS m (id)`.execute(query(tx))
  return new Map(rows.map(({ id, responses }) => [id, responses]))
}
