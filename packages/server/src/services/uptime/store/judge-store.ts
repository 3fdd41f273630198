import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Finding } from '../domain/assess.ts'
import type { MonitorState, Outcome } from '../domain/monitor.ts'
import type { Interval } from '../domain/timeline.ts'
import { isTold, parseStored, type StoredWatch } from '../monitor-types/watch.ts'
import type { RuleColumns } from './claim-store.ts'
import type { UptimeTables } from './tables.ts'

/** A monitor whose state is locked until the transaction ends. */
export type LockedMonitor = {
  readonly id: string
  readonly name: string
  readonly serviceId: string
  readonly stored: StoredWatch
  readonly state: MonitorState
  readonly judgedThroughMs: number
  readonly rules: RuleColumns
  readonly renotifyMinutes: number
}

/** Locks the states of monitors in the order of their ids, which avoids deadlocks. */
export async function lockMonitors(tx: TelemetryTx, ids: readonly string[]): Promise<LockedMonitor[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor_state as st')
    .innerJoin('uptime.monitor as m', (join) =>
      join.onRef('m.org_id', '=', 'st.org_id').onRef('m.id', '=', 'st.monitor_id'),
    )
    .leftJoin('uptime.schedule as s', (join) =>
      join
        .onRef('s.org_id', '=', 'st.org_id')
        .onRef('s.monitor_id', '=', 'st.monitor_id')
        .on('s.location_id', '=', 'local'),
    )
    .select([
      'm.id',
      'm.name',
      'm.service_id',
      'm.type',
      'm.config',
      'm.interval_seconds',
      'm.down_threshold',
      'm.up_threshold',
      'm.confirm_spacing_seconds',
      'm.notify_degraded',
      'm.renotify_minutes',
      'st.state',
      'st.judged_through',
      's.timeout_ms',
    ])
    .where('st.org_id', '=', tx.orgId)
    .where('st.monitor_id', 'in', ids.length === 0 ? [''] : [...ids])
    .orderBy('st.monitor_id')
    .forUpdate('st')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    serviceId: row.service_id,
    stored: parseStored(row.type, row.config),
    state: row.state,
    judgedThroughMs: row.judged_through.getTime(),
    renotifyMinutes: row.renotify_minutes,
    rules: {
      isTold: isTold(row.type),
      intervalSeconds: row.interval_seconds,
      downThreshold: row.down_threshold,
      upThreshold: row.up_threshold,
      confirmSpacingSeconds: row.confirm_spacing_seconds,
      notifyDegraded: row.notify_degraded,
      timeoutMs: row.timeout_ms ?? 0,
    },
  }))
}

export type SavedState = {
  readonly monitorId: string
  readonly state: MonitorState
  readonly wakeAtMs: number | null
  readonly judgedThroughMs: number
  /** Present if a result was judged: its data. */
  readonly last?: {
    readonly checkedAtMs: number
    readonly error: (Finding & { readonly message: string }) | null
    readonly responseMs: number | null
  }
}

export async function saveState(tx: TelemetryTx, saved: SavedState): Promise<void> {
  const { monitorId, state, wakeAtMs, judgedThroughMs, last } = saved
  await query<UptimeTables>(tx)
    .updateTable('uptime.monitor_state')
    .set({
      status: state.status,
      state: JSON.stringify(state),
      wake_at: wakeAtMs === null ? null : new Date(wakeAtMs),
      judged_through: new Date(judgedThroughMs),
      ...(last === undefined
        ? {}
        : {
            last_checked_at: new Date(last.checkedAtMs),
            last_error_code: last.error?.code ?? null,
            last_error_message: last.error?.message ?? null,
            last_error_values: last.error === null ? null : JSON.stringify(last.error.values),
            last_response_ms: last.responseMs,
          }),
    })
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .execute()
}

export type UnjudgedResult = {
  readonly startedAtMs: number
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: Readonly<Record<string, string | number>>
  readonly totalMs: number | null
}

/** Stored results that were not judged yet, in order. Manual checks count in no streak and are left out. */
export async function listUnjudgedResults(
  tx: TenantTx,
  monitorId: string,
  afterMs: number,
): Promise<UnjudgedResult[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.check_result')
    .select(['started_at', 'outcome', 'code', 'detail', 'total_ms'])
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .where('started_at', '>', new Date(afterMs))
    .where('origin', '<>', 'manual')
    .orderBy('started_at')
    .limit(1_000)
    .execute()
  return rows.map((row) => ({
    startedAtMs: row.started_at.getTime(),
    outcome: row.outcome,
    code: row.code,
    values: row.detail ?? {},
    totalMs: row.total_ms,
  }))
}

/**
 * The intervals that an edit from `fromMs` on can affect: the one containing it, the one before, and all later ones.
 */
export async function listTail(tx: TenantTx, monitorId: string, fromMs: number): Promise<Interval[]> {
  const { rows } = await sql<{
    from_ms: string
    to_ms: string | null
    state: Interval['state']
    blip_ms: string
    incident_id: string | null
  }>`
    SELECT from_ms, to_ms, state, blip_ms, incident_id FROM uptime.state_interval
     WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId}
       AND from_ms >= coalesce((
         SELECT min(from_ms) FROM (
           SELECT from_ms FROM uptime.state_interval
            WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId} AND from_ms <= ${fromMs}
            ORDER BY from_ms DESC LIMIT 2) AS before), 0)
     ORDER BY from_ms`.execute(query(tx))
  return rows.map((row) => ({
    fromMs: Number(row.from_ms),
    toMs: row.to_ms === null ? null : Number(row.to_ms),
    state: row.state,
    blipMs: Number(row.blip_ms),
    incidentId: row.incident_id,
  }))
}

/** Replaces `before` with `after`, both as from `listTail`; unchanged rows are not written. */
export async function replaceTail(
  tx: TelemetryTx,
  monitorId: string,
  before: readonly Interval[],
  after: readonly Interval[],
): Promise<void> {
  const kept = new Set(after.map((interval) => JSON.stringify(interval)))
  const known = new Set(before.map((interval) => JSON.stringify(interval)))
  const gone = before.filter((interval) => !kept.has(JSON.stringify(interval)))
  const fresh = after.filter((interval) => !known.has(JSON.stringify(interval)))
  const db = query<UptimeTables>(tx)
  if (gone.length > 0)
    await db
      .deleteFrom('uptime.state_interval')
      .where('org_id', '=', tx.orgId)
      .where('monitor_id', '=', monitorId)
      .where(sql<boolean>`from_ms = ANY (${gone.map(({ fromMs }) => fromMs)}::bigint[])`)
      .execute()
  if (fresh.length > 0)
    await db
      .insertInto('uptime.state_interval')
      .values(
        fresh.map(({ fromMs, toMs, state, blipMs, incidentId }) => ({
          org_id: tx.orgId,
          monitor_id: monitorId,
          from_ms: fromMs,
          to_ms: toMs,
          state,
          blip_ms: blipMs,
          incident_id: incidentId,
        })),
      )
      .execute()
}

export type AutoIncident = {
  readonly id: string
  readonly monitorId: string
  readonly monitorName: string
  readonly serviceId: string
  readonly cause: string | null
  readonly causeReason: Finding | null
  readonly startedAtMs: number
  readonly confirmedAtMs: number
}

/** Opens an incident automatically; it is published as "investigating" if its page's settings say so. */
export async function insertAutoIncident(tx: AuditedTx, incident: AutoIncident): Promise<void> {
  const { id, monitorId, monitorName, serviceId, cause, causeReason, startedAtMs, confirmedAtMs } = incident
  await sql`
    INSERT INTO uptime.incident (org_id, id, monitor_id, monitor_name, service_id, type, status, severity, cause,
                                 cause_reason, started_at, confirmed_at, impact, public_phase, created_at, updated_at)
    SELECT ${tx.orgId}::uuid, ${id}, ${monitorId}, ${monitorName}, s.id, 'auto', 'ongoing', 'critical', ${cause},
           ${JSON.stringify(causeReason)}::jsonb, ${new Date(startedAtMs)}, ${new Date(confirmedAtMs)}, 'major',
           CASE WHEN s.auto_publish THEN 'investigating' END, ${new Date(confirmedAtMs)}, ${new Date(confirmedAtMs)}
      FROM uptime.service s WHERE s.org_id = ${tx.orgId} AND s.id = ${serviceId}`.execute(query(tx))
}

export type OpenIncident = {
  readonly id: string
  readonly startedAtMs: number
  readonly status: 'ongoing' | 'acknowledged'
}

export async function findOpenAutoIncident(
  tx: TelemetryTx,
  monitorId: string,
): Promise<OpenIncident | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident')
    .select(['id', 'started_at', 'status'])
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .where('type', '=', 'auto')
    .where('status', '<>', 'resolved')
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined || row.status === 'resolved') return undefined
  return { id: row.id, startedAtMs: row.started_at.getTime(), status: row.status }
}

export async function findLatestAutoIncident(tx: TenantTx, monitorId: string): Promise<string | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident')
    .select('id')
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .where('type', '=', 'auto')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

export async function resolveAutoIncident(
  tx: AuditedTx,
  id: string,
  resolvedAtMs: number,
  cause: { readonly sentence: string; readonly reason: Finding } | null,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.incident')
    .set((eb) => ({
      status: 'resolved',
      resolved_at: new Date(resolvedAtMs),
      updated_at: new Date(nowMs),
      public_phase: eb
        .case()
        .when('public_phase', 'is not', null)
        .then('resolved' as const)
        .else(null)
        .end(),
      ...(cause === null ? {} : { cause: cause.sentence, cause_reason: JSON.stringify(cause.reason) }),
    }))
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

/** Makes every node render the page again. */
export async function raisePageVersion(tx: TelemetryTx, serviceId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.service')
    .set({ version: sql`version + 1` })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', serviceId)
    .execute()
}

/** Sets the next check of a monitor. A running check keeps its lease, and its result sets the next one again. */
export async function setNextCheck(
  tx: TelemetryTx,
  monitorId: string,
  next: { readonly dueAtMs: number; readonly origin: 'scheduled' | 'confirm' | 'recover' },
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.schedule')
    .set({
      next_due_at: new Date(next.dueAtMs),
      slot_at: new Date(next.dueAtMs),
      origin: next.origin,
      confirming: next.origin !== 'scheduled',
    })
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .where('lease_id', 'is', null)
    .execute()
}

/** Drops the lease of a monitor whose target or activity changed, so that a running check's result is discarded. */
export async function dropLease(tx: TelemetryTx, monitorId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.schedule')
    .set({ lease_id: null, lease_until: null, lease_node: null })
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .execute()
}
