import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Interval } from '../domain/timeline.ts'

export type IntervalRow = {
  readonly monitor_id: string
  readonly from_ms: string
  readonly to_ms: string | null
  readonly state: Interval['state']
  readonly blip_ms: string
  readonly incident_id: string | null
}

/** A monitor, and from when on its timeline is edited. */
export type Tail = { readonly monitorId: string; readonly fromMs: number }

/**
 * The intervals that an edit from `fromMs` on can affect: the one containing it, the one before, and all later ones;
 * by monitor, oldest first.
 */
export async function listTails(
  tx: TenantTx,
  tails: readonly Tail[],
): Promise<ReadonlyMap<string, readonly Interval[]>> {
  if (tails.length === 0) return new Map()
  const { rows } = await sql<IntervalRow>`
    SELECT tail.monitor_id, i.from_ms, i.to_ms, i.state, i.blip_ms, i.incident_id
      FROM unnest(${tails.map(({ monitorId }) => monitorId)}::text[], ${tails.map(({ fromMs }) => fromMs)}::bigint[])
             AS tail (monitor_id, from_ms),
           LATERAL (
             SELECT * FROM uptime.state_interval
              WHERE org_id = ${tx.orgId} AND monitor_id = tail.monitor_id
                AND from_ms >= coalesce((
                  SELECT min(before.from_ms) FROM (
                    SELECT from_ms FROM uptime.state_interval
                     WHERE org_id = ${tx.orgId} AND monitor_id = tail.monitor_id AND from_ms <= tail.from_ms
                     ORDER BY from_ms DESC LIMIT 2) AS before), 0)) AS i
     ORDER BY tail.monitor_id, i.from_ms`.execute(query(tx))
  return groupIntervals(rows)
}

/** A timeline's tail, as from `listTails`, and what replaces it. */
export type TailChange = {
  readonly monitorId: string
  readonly before: readonly Interval[]
  readonly after: readonly Interval[]
}

/** Unchanged rows are not written. */
export async function replaceTails(tx: TelemetryTx, changes: readonly TailChange[]): Promise<void> {
  const gone = changes.flatMap(({ monitorId, before, after }) => without(monitorId, before, after))
  const fresh = changes.flatMap(({ monitorId, before, after }) => without(monitorId, after, before))
  if (gone.length > 0)
    await sql`
      DELETE FROM uptime.state_interval i
       USING unnest(${gone.map(({ monitorId }) => monitorId)}::text[], ${gone.map(({ fromMs }) => fromMs)}::bigint[])
               AS gone (monitor_id, from_ms)
       WHERE i.org_id = ${tx.orgId} AND i.monitor_id = gone.monitor_id AND i.from_ms = gone.from_ms`.execute(
      query(tx),
    )
  if (fresh.length > 0)
    await sql`
      INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, to_ms, state, blip_ms, incident_id)
      SELECT ${tx.orgId}::uuid, fresh.* FROM unnest(
        ${fresh.map(({ monitorId }) => monitorId)}::text[],
        ${fresh.map(({ fromMs }) => fromMs)}::bigint[],
        ${fresh.map(({ toMs }) => toMs)}::bigint[],
        ${fresh.map(({ state }) => state)}::text[],
        ${fresh.map(({ blipMs }) => blipMs)}::bigint[],
        ${fresh.map(({ incidentId }) => incidentId)}::text[]) AS fresh`.execute(query(tx))
}

export function groupIntervals(rows: readonly IntervalRow[]): ReadonlyMap<string, readonly Interval[]> {
  const grouped = Map.groupBy(rows, (row) => row.monitor_id)
  return new Map([...grouped].map(([id, found]) => [id, found.map(toInterval)]))
}

function without(monitorId: string, intervals: readonly Interval[], others: readonly Interval[]) {
  const known = new Set(others.map((interval) => JSON.stringify(interval)))
  return intervals
    .filter((interval) => !known.has(JSON.stringify(interval)))
    .map((interval) => ({ monitorId, ...interval }))
}

function toInterval(row: IntervalRow): Interval {
  return {
    fromMs: Number(row.from_ms),
    toMs: row.to_ms === null ? null : Number(row.to_ms),
    state: row.state,
    blipMs: Number(row.blip_ms),
    incidentId: row.incident_id,
  }
}
