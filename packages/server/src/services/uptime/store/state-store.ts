import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MonitorState } from '../domain/monitor.ts'
import type { Interval } from '../domain/timeline.ts'
import type { UptimeTables } from './tables.ts'

/** Inserts the state and the timeline of a new monitor. */
export async function insertState(
  tx: AuditedTx,
  monitorId: string,
  state: MonitorState,
  nowMs: number,
): Promise<void> {
  const db = query<UptimeTables>(tx)
  await db
    .insertInto('uptime.monitor_state')
    .values({
      org_id: tx.orgId,
      monitor_id: monitorId,
      status: state.status,
      state: JSON.stringify(state),
      last_checked_at: null,
      last_error_code: null,
      last_error_message: null,
      last_error_values: null,
      last_response_ms: null,
      judged_through: new Date(nowMs),
      wake_at: null,
    })
    .execute()
  await db
    .insertInto('uptime.state_interval')
    .values({
      org_id: tx.orgId,
      monitor_id: monitorId,
      from_ms: state.timelineFromMs,
      to_ms: null,
      state: state.timeline,
      blip_ms: 0,
      incident_id: null,
    })
    .execute()
}

/** The intervals of a monitor that overlap `[fromMs, toMs)`, oldest first. */
export async function listIntervals(
  tx: TenantTx,
  monitorId: string,
  fromMs: number,
  toMs: number,
): Promise<readonly Interval[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.state_interval')
    .select(['from_ms', 'to_ms', 'state', 'blip_ms', 'incident_id'])
    .where('monitor_id', '=', monitorId)
    .where(sql<boolean>`from_ms < ${toMs}`)
    .where(sql<boolean>`(to_ms IS NULL OR to_ms > ${fromMs})`)
    .orderBy('from_ms')
    .execute()
  return rows.map((row) => ({
    fromMs: Number(row.from_ms),
    toMs: row.to_ms === null ? null : Number(row.to_ms),
    state: row.state,
    blipMs: Number(row.blip_ms),
    incidentId: row.incident_id,
  }))
}

/** Deletes the timelines of deleted monitors, which are not shown anywhere. */
export async function deleteIntervals(tx: AuditedTx, monitorIds: readonly string[]): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.state_interval')
    .where(sql<boolean>`monitor_id = ANY (${[...monitorIds]}::text[])`)
    .execute()
}
