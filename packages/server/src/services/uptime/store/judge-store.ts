import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { Finding } from '../domain/assess.ts'
import type { MonitorState, Outcome } from '../domain/monitor.ts'
import { isTold, parseStored, type StoredWatch } from '../monitor-types/watch.ts'
import type { RuleColumns } from './claim-store.ts'
import type { CheckResultRow, UptimeTables } from './tables.ts'

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

export async function saveStates(tx: TelemetryTx, states: readonly SavedState[]): Promise<void> {
  if (states.length === 0) return
  const given = states.map(({ monitorId, state, wakeAtMs, judgedThroughMs, last }) => ({
    monitor_id: monitorId,
    status: state.status,
    state,
    wake_at: wakeAtMs === null ? null : new Date(wakeAtMs),
    judged_through: new Date(judgedThroughMs),
    has_last: last !== undefined,
    checked_at: last === undefined ? null : new Date(last.checkedAtMs),
    error_code: last?.error?.code ?? null,
    error_message: last?.error?.message ?? null,
    error_values: last?.error?.values ?? null,
    response_ms: last?.responseMs ?? null,
  }))
  await sql`
    UPDATE uptime.monitor_state st
       SET status = given.status, state = given.state, wake_at = given.wake_at, judged_through = given.judged_through,
           last_checked_at = CASE WHEN has_last THEN checked_at ELSE last_checked_at END,
           last_error_code = CASE WHEN has_last THEN error_code ELSE last_error_code END,
           last_error_message = CASE WHEN has_last THEN error_message ELSE last_error_message END,
           last_error_values = CASE WHEN has_last THEN error_values ELSE last_error_values END,
           last_response_ms = CASE WHEN has_last THEN response_ms ELSE last_response_ms END
      FROM json_to_recordset(${JSON.stringify(given)}::json) AS given (
             monitor_id text, status text, state jsonb, wake_at timestamptz, judged_through timestamptz, has_last boolean,
             checked_at timestamptz, error_code text, error_message text, error_values jsonb, response_ms integer)
     WHERE st.org_id = ${tx.orgId} AND st.monitor_id = given.monitor_id`.execute(query(tx))
}

export type UnjudgedResult = {
  readonly startedAtMs: number
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: Readonly<Record<string, string | number>>
  readonly totalMs: number | null
}

type UnjudgedRow = Pick<
  Selectable<CheckResultRow>,
  'started_at' | 'outcome' | 'code' | 'detail' | 'total_ms'
> & {
  readonly monitor_id: string
}

/**
 * Stored results that were not judged yet, by monitor, in order. Manual checks count in no streak and are left out.
 */
export async function listUnjudgedResults(
  tx: TenantTx,
  monitors: readonly Pick<LockedMonitor, 'id' | 'judgedThroughMs'>[],
): Promise<ReadonlyMap<string, readonly UnjudgedResult[]>> {
  if (monitors.length === 0) return new Map()
  const { rows } = await sql<UnjudgedRow>`
    SELECT judged.monitor_id, r.started_at, r.outcome, r.code, r.detail, r.total_ms
      FROM unnest(${monitors.map(({ id }) => id)}::text[],
                  ${monitors.map(({ judgedThroughMs }) => new Date(judgedThroughMs).toISOString())}::timestamptz[])
             AS judged (monitor_id, through),
           LATERAL (
             SELECT * FROM uptime.check_result
              WHERE org_id = ${tx.orgId} AND monitor_id = judged.monitor_id AND started_at > judged.through
                AND origin <> 'manual'
              ORDER BY started_at LIMIT 1000) AS r
     ORDER BY judged.monitor_id, r.started_at`.execute(query(tx))
  const grouped = Map.groupBy(rows, (row) => row.monitor_id)
  return new Map([...grouped].map(([id, found]) => [id, found.map(toUnjudged)]))
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

/** The open automatic incidents of these monitors, by monitor, locked in the order of the monitors' ids. */
export async function findOpenAutoIncidents(
  tx: TelemetryTx,
  monitorIds: readonly string[],
): Promise<ReadonlyMap<string, OpenIncident>> {
  if (monitorIds.length === 0) return new Map()
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident')
    .select(['id', 'monitor_id', 'started_at', 'status'])
    .where('org_id', '=', tx.orgId)
    .where(sql<boolean>`monitor_id = ANY (${[...monitorIds]}::text[])`)
    .where('type', '=', 'auto')
    .where('status', '<>', 'resolved')
    .orderBy('monitor_id')
    .forUpdate()
    .execute()
  return new Map(
    rows.flatMap(({ id, monitor_id: monitorId, started_at: startedAt, status }) =>
      monitorId === null || status === 'resolved'
        ? []
        : [[monitorId, { id, startedAtMs: startedAt.getTime(), status }] as const],
    ),
  )
}

/** The id of the latest automatic incident of each of these monitors that has had one. */
export async function findLatestAutoIncidents(
  tx: TenantTx,
  monitorIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (monitorIds.length === 0) return new Map()
  const { rows } = await sql<{ readonly monitor_id: string; readonly id: string }>`
    SELECT m.id AS monitor_id, latest.id FROM unnest(${[...monitorIds]}::text[]) AS m (id), LATERAL (
      SELECT id FROM uptime.incident
       WHERE org_id = ${tx.orgId} AND monitor_id = m.id AND type = 'auto'
       ORDER BY started_at DESC LIMIT 1) AS latest`.execute(query(tx))
  return new Map(rows.map(({ monitor_id: monitorId, id }) => [monitorId, id]))
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

export type DueCheck = {
  readonly monitorId: string
  readonly dueAtMs: number
  readonly origin: 'scheduled' | 'confirm' | 'recover'
}

/** Sets the next checks of monitors. A running check keeps its lease, and its result sets the next one again. */
export async function setNextChecks(tx: TelemetryTx, checks: readonly DueCheck[]): Promise<void> {
  if (checks.length === 0) return
  await sql`
    UPDATE uptime.schedule s
       SET next_due_at = next.due_at, slot_at = next.due_at, origin = next.origin, confirming = next.origin <> 'scheduled'
      FROM unnest(
        ${checks.map(({ monitorId }) => monitorId)}::text[],
        ${checks.map(({ dueAtMs }) => new Date(dueAtMs).toISOString())}::timestamptz[],
        ${checks.map(({ origin }) => origin)}::text[]) AS next (monitor_id, due_at, origin)
     WHERE s.org_id = ${tx.orgId} AND s.monitor_id = next.monitor_id AND s.lease_id IS NULL`.execute(
    query(tx),
  )
}

/** Drops the leases of monitors whose target or activity changed, so that a running check's result is discarded. */
export async function dropLeases(tx: TelemetryTx, monitorIds: readonly string[]): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.schedule')
    .set({ lease_id: null, lease_until: null, lease_node: null })
    .where('org_id', '=', tx.orgId)
    .where(sql<boolean>`monitor_id = ANY (${[...monitorIds]}::text[])`)
    .execute()
}

function toUnjudged(row: UnjudgedRow): UnjudgedResult {
  return {
    startedAtMs: row.started_at.getTime(),
    outcome: row.outcome,
    code: row.code,
    values: row.detail ?? {},
    totalMs: row.total_ms,
  }
}
