import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MonitorState } from '../domain/monitor.ts'
import { isTold, parseStored, type StoredWatch } from '../monitor-types/watch.ts'

export type Origin = 'scheduled' | 'confirm' | 'recover'

/** A check that this node may run, until its lease ends. */
export type ClaimedCheck = {
  readonly orgId: string
  readonly monitorId: string
  readonly leaseId: string
  readonly dueAtMs: number
  readonly claimedAtMs: number
  readonly origin: Origin
  readonly intervalSeconds: number
  readonly stored: StoredWatch
  readonly sealedConfig: string | null
  readonly degradedAfterMs: number | null
}

type ClaimedRow = {
  org_id: string
  monitor_id: string
  lease_id: string
  due_ms: string
  now_ms: string
  origin: Origin
  interval_seconds: number
  type: string
  config: unknown
  sealed_config: string | null
  degraded_after_ms: number | null
}

export type ClaimRequest = {
  readonly nodeId: string
  readonly confirming: boolean
  readonly rowsMax: number
  readonly leaseExtraMs: number
  /** Organisations that already use their share of this node's places. */
  readonly exceptOrgs: readonly string[]
}

/**
 * Leases due checks to this node, oldest first, skipping rows locked by other nodes (5.2). Checks of a suspended
 * organisation are leased but not run, so that they come up only once per lease.
 */
export async function claimDue(tx: WriterTx, request: ClaimRequest): Promise<ClaimedCheck[]> {
  const { nodeId, confirming, rowsMax, leaseExtraMs, exceptOrgs } = request
  const { rows } = await sql<ClaimedRow>`
    WITH due AS MATERIALIZED (
      SELECT org_id, monitor_id, location_id FROM uptime.schedule
       WHERE confirming = ${confirming} AND next_due_at <= now() AND (lease_until IS NULL OR lease_until < now())
         AND NOT org_id = ANY (${[...exceptOrgs]}::uuid[])
       ORDER BY next_due_at LIMIT ${rowsMax} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE uptime.schedule s
         SET lease_id = gen_random_uuid(), lease_node = ${nodeId},
             lease_until = now() + make_interval(secs => (s.timeout_ms + ${leaseExtraMs}::int) / 1000.0)
        FROM due
       WHERE (s.org_id, s.monitor_id, s.location_id) = (due.org_id, due.monitor_id, due.location_id)
      RETURNING s.*
    )
    SELECT c.org_id, c.monitor_id, c.lease_id, c.origin, c.interval_seconds,
           (extract(epoch FROM c.next_due_at) * 1000)::bigint AS due_ms,
           (extract(epoch FROM now()) * 1000)::bigint AS now_ms,
           m.type, m.config, m.sealed_config, m.degraded_after_ms
      FROM claimed c
      JOIN uptime.monitor m ON m.org_id = c.org_id AND m.id = c.monitor_id
      JOIN gatehouse.org o ON o.org_id = c.org_id AND o.suspended_at IS NULL
     ORDER BY c.next_due_at`.execute(query(tx))
  return rows.map((row) => ({
    orgId: row.org_id,
    monitorId: row.monitor_id,
    leaseId: row.lease_id,
    dueAtMs: Number(row.due_ms),
    claimedAtMs: Number(row.now_ms),
    origin: row.origin,
    intervalSeconds: row.interval_seconds,
    stored: parseStored(row.type, row.config),
    sealedConfig: row.sealed_config,
    degradedAfterMs: row.degraded_after_ms,
  }))
}

export type Postponed = { readonly leaseId: string; readonly dueAtMs: number; readonly missedSlots: number }

/** Releases leases whose slots were missed: the checks run later, spread out, and missed slots are counted. */
export async function postpone(tx: WriterTx, rows: readonly Postponed[]): Promise<void> {
  await sql`
    UPDATE uptime.schedule s
       SET lease_id = NULL, lease_until = NULL, lease_node = NULL,
           next_due_at = late.due_at, slot_at = late.due_at, missed_slots = s.missed_slots + late.missed
      FROM unnest(
        ${rows.map(({ leaseId }) => leaseId)}::uuid[],
        ${rows.map(({ dueAtMs }) => new Date(dueAtMs).toISOString())}::timestamptz[],
        ${rows.map(({ missedSlots }) => missedSlots)}::bigint[]
      ) AS late (lease_id, due_at, missed)
     WHERE s.lease_id = late.lease_id`.execute(query(tx))
}

export type LeasedState = {
  readonly leaseId: string
  readonly orgId: string
  readonly monitorId: string
  readonly state: MonitorState
  readonly judgedThroughMs: number
  readonly rules: RuleColumns
}

/** A monitor's settings that affect judging. */
export type RuleColumns = {
  readonly isTold: boolean
  readonly intervalSeconds: number
  readonly downThreshold: number
  readonly upThreshold: number
  readonly confirmSpacingSeconds: number | null
  readonly notifyDegraded: boolean
  readonly timeoutMs: number
}

type StateRow = {
  lease_id: string
  org_id: string
  monitor_id: string
  state: MonitorState
  judged_ms: string
  type: string
  interval_seconds: number
  down_threshold: number
  up_threshold: number
  confirm_spacing_seconds: number | null
  notify_degraded: boolean
  timeout_ms: number
}

/** The states of monitors whose leases are still held; expired leases are omitted. */
export async function listLeasedStates(tx: WriterTx, leaseIds: readonly string[]): Promise<LeasedState[]> {
  const { rows } = await sql<StateRow>`
    SELECT s.lease_id, s.org_id, s.monitor_id, st.state,
           (extract(epoch FROM st.judged_through) * 1000)::bigint AS judged_ms,
           m.type, m.interval_seconds, m.down_threshold, m.up_threshold, m.confirm_spacing_seconds, m.notify_degraded,
           s.timeout_ms
      FROM uptime.schedule s
      JOIN uptime.monitor_state st ON st.org_id = s.org_id AND st.monitor_id = s.monitor_id
      JOIN uptime.monitor m ON m.org_id = s.org_id AND m.id = s.monitor_id
     WHERE s.lease_id = ANY (${[...leaseIds]}::uuid[])`.execute(query(tx))
  return rows.map((row) => ({
    leaseId: row.lease_id,
    orgId: row.org_id,
    monitorId: row.monitor_id,
    state: row.state,
    judgedThroughMs: Number(row.judged_ms),
    rules: {
      isTold: isTold(row.type),
      intervalSeconds: row.interval_seconds,
      downThreshold: row.down_threshold,
      upThreshold: row.up_threshold,
      confirmSpacingSeconds: row.confirm_spacing_seconds,
      notifyDegraded: row.notify_degraded,
      timeoutMs: row.timeout_ms,
    },
  }))
}

/** One finished check, as it is stored. */
export type ResultRow = {
  readonly leaseId: string
  readonly startedAtMs: number
  readonly nextDueAtMs: number
  readonly outcome: 'up' | 'degraded' | 'down' | 'unknown'
  readonly code: string | null
  readonly values: Readonly<Record<string, string | number>>
  readonly statusCode: number | null
  readonly dnsMs: number | null
  readonly connectMs: number | null
  readonly tlsMs: number | null
  readonly ttfbMs: number | null
  readonly downloadMs: number | null
  readonly totalMs: number | null
  readonly remoteAddress: string | null
  readonly inMaintenance: boolean
}

/** Notifies the screens of these organisations of new results. */
export async function hintAtChecks(tx: WriterTx, orgIds: readonly string[]): Promise<void> {
  await sql`SELECT gatehouse.invalidate('changed:' || id || ':checks') FROM unnest(${orgIds}::uuid[]) AS of_org (id)`.execute(
    query(tx),
  )
}

/**
 * Stores results and releases their schedule rows in one statement, joined on the lease. The organisation is taken
 * from there, and an expired lease inserts nothing, so that a result exists exactly if its slot is done.
 */
export async function insertLeasedResults(tx: WriterTx, results: readonly ResultRow[]): Promise<void> {
  const column = <T>(pick: (row: ResultRow) => T): T[] => results.map(pick)
  const instant = (ms: number): string => new Date(ms).toISOString()
  await sql`
    WITH batch AS MATERIALIZED (
      SELECT * FROM unnest(
        ${column((row) => row.leaseId)}::uuid[],
        ${column((row) => instant(row.startedAtMs))}::timestamptz[],
        ${column((row) => instant(row.nextDueAtMs))}::timestamptz[],
        ${column((row) => row.outcome)}::text[],
        ${column((row) => row.code)}::text[],
        ${column((row) => (row.code === null ? null : JSON.stringify(row.values)))}::text[],
        ${column((row) => row.statusCode)}::smallint[],
        ${column((row) => row.dnsMs)}::integer[],
        ${column((row) => row.connectMs)}::integer[],
        ${column((row) => row.tlsMs)}::integer[],
        ${column((row) => row.ttfbMs)}::integer[],
        ${column((row) => row.downloadMs)}::integer[],
        ${column((row) => row.totalMs)}::integer[],
        ${column((row) => row.remoteAddress)}::text[],
        ${column((row) => row.inMaintenance)}::boolean[]
      ) AS b (lease_id, started_at, next_due_at, outcome, code, detail, status_code, dns_ms, connect_ms, tls_ms,
              ttfb_ms, download_ms, total_ms, remote_address, in_maintenance)
    ), held AS MATERIALIZED (
      SELECT s.org_id, s.monitor_id, s.location_id, s.slot_at, s.origin, b.*
        FROM batch b JOIN uptime.schedule s ON s.lease_id = b.lease_id
    ), stored AS (
      INSERT INTO uptime.check_result
             (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome, code, detail, status_code,
              dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms, remote_address, in_maintenance)
      SELECT org_id, monitor_id, location_id, started_at, slot_at, origin, outcome, code, detail::jsonb, status_code,
             dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms, remote_address, in_maintenance
        FROM held
      ON CONFLICT DO NOTHING
    )
    UPDATE uptime.schedule s
       SET lease_id = NULL, lease_until = NULL, lease_node = NULL, confirming = false, origin = 'scheduled',
           next_due_at = held.next_due_at, slot_at = held.next_due_at
      FROM held
     WHERE s.lease_id = held.lease_id`.execute(query(tx))
}

export type QuietState = {
  readonly orgId: string
  readonly monitorId: string
  readonly judgedBeforeMs: number
  readonly judgedThroughMs: number
  /** The time of the check by the current clock, which may have stepped back since the last judgement. */
  readonly checkedAtMs: number
  readonly state: MonitorState
  readonly wakeAtMs: number | null
  readonly responseMs: number | null
}

/**
 * Updates states whose verdict changed nothing visible. A state that was judged concurrently is skipped; the sweep
 * applies its result later.
 */
export async function moveQuietStates(tx: WriterTx, states: readonly QuietState[]): Promise<void> {
  await sql`
    UPDATE uptime.monitor_state st
       SET state = quiet.state::jsonb, judged_through = quiet.judged, last_checked_at = quiet.checked,
           wake_at = quiet.wake, last_response_ms = quiet.response, last_error_code = NULL, last_error_message = NULL,
           last_error_values = NULL
      FROM unnest(
        ${states.map(({ orgId }) => orgId)}::uuid[],
        ${states.map(({ monitorId }) => monitorId)}::text[],
        ${states.map(({ judgedBeforeMs }) => new Date(judgedBeforeMs).toISOString())}::timestamptz[],
        ${states.map(({ judgedThroughMs }) => new Date(judgedThroughMs).toISOString())}::timestamptz[],
        ${states.map(({ checkedAtMs }) => new Date(checkedAtMs).toISOString())}::timestamptz[],
        ${states.map(({ state }) => JSON.stringify(state))}::text[],
        ${states.map(({ wakeAtMs }) => (wakeAtMs === null ? null : new Date(wakeAtMs).toISOString()))}::timestamptz[],
        ${states.map(({ responseMs }) => responseMs)}::integer[]
      ) AS quiet (org_id, monitor_id, judged_before, judged, checked, state, wake, response)
     WHERE st.org_id = quiet.org_id AND st.monitor_id = quiet.monitor_id
       AND st.judged_through = quiet.judged_before`.execute(query(tx))
}

export type MonitorKey = { readonly orgId: string; readonly monitorId: string }

/** Monitors of suspended organisations are not judged, because nobody could react: their keys are refused. */
const isServed = sql`NOT EXISTS (
  SELECT FROM gatehouse.org o WHERE o.org_id = due.org_id AND o.suspended_at IS NOT NULL)`

/** Monitors with a change that time alone causes. */
export async function listToWake(tx: WriterTx, rowsMax: number): Promise<MonitorKey[]> {
  const { rows } = await sql<{ org_id: string; monitor_id: string }>`
    SELECT org_id, monitor_id FROM uptime.monitor_state AS due
     WHERE wake_at <= now() AND ${isServed} ORDER BY wake_at LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(toKey)
}

/** Monitors with stored results that were not judged, because a node ended in between. */
export async function listUnjudged(tx: WriterTx, sinceMs: number, rowsMax: number): Promise<MonitorKey[]> {
  const { rows } = await sql<{ org_id: string; monitor_id: string }>`
    SELECT st.org_id, st.monitor_id FROM uptime.monitor_state st
     WHERE EXISTS (SELECT FROM uptime.check_result r
                    WHERE r.org_id = st.org_id AND r.monitor_id = st.monitor_id AND r.origin <> 'manual'
                      AND r.started_at > st.judged_through AND r.started_at > ${new Date(sinceMs)})
     LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(toKey)
}

/** Heartbeats whose deadline has passed. */
export async function listOverdueHeartbeats(tx: WriterTx, rowsMax: number): Promise<MonitorKey[]> {
  const { rows } = await sql<{ org_id: string; monitor_id: string }>`
    SELECT org_id, monitor_id FROM uptime.heartbeat AS due
     WHERE deadline_at <= now() AND ${isServed} ORDER BY deadline_at LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map(toKey)
}

/** Records that this node is alive. A gap without any live node is recorded as an outage of ours. */
export async function beat(tx: WriterTx, nodeId: string, outageAfterSeconds: number): Promise<void> {
  await sql`
    WITH last AS (SELECT max(last_seen_at) AS at FROM uptime.node WHERE last_seen_at <= now()),
    outage AS (
      INSERT INTO uptime.outage (from_at, to_at)
      SELECT at, now() FROM last WHERE at < now() - make_interval(secs => ${outageAfterSeconds})
      ON CONFLICT (from_at) DO UPDATE SET to_at = excluded.to_at
    )
    INSERT INTO uptime.node (id, started_at, last_seen_at) VALUES (${nodeId}, now(), now())
    ON CONFLICT (id) DO UPDATE SET last_seen_at = now()`.execute(query(tx))
}

function toKey(row: { org_id: string; monitor_id: string }): MonitorKey {
  return { orgId: row.org_id, monitorId: row.monitor_id }
}
