import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { Heartbeat } from '../domain/heartbeat.ts'
import type { Outcome } from '../domain/monitor.ts'
import type { UptimeTables } from './tables.ts'

type PingTables = {
  'uptime.heartbeat_ping': {
    org_id: string
    monitor_id: string
    at: Date
    kind: 'success' | 'start' | 'fail'
    exit_code: number | null
    run_id: string | null
    body: string | null
  }
  'uptime.outage': { from_at: Date; to_at: Date }
}

/** Finds a heartbeat by its token, before an organisation is known. */
export async function findByToken(
  tx: GateTx,
  digest: string,
): Promise<{ readonly orgId: string; readonly monitorId: string } | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.heartbeat')
    .select(['org_id', 'monitor_id'])
    .where('token_digest', '=', digest)
    .executeTakeFirst()
  return row && { orgId: row.org_id, monitorId: row.monitor_id }
}

export async function lockHeartbeat(tx: TelemetryTx, monitorId: string): Promise<Heartbeat | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.heartbeat')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .forUpdate()
    .executeTakeFirst()
  return (
    row && {
      lastSuccessMs: row.last_ping_at?.getTime() ?? null,
      runStartedMs: row.last_start_at?.getTime() ?? null,
      runId: row.run_id,
      deadlineMs: row.deadline_at?.getTime() ?? null,
    }
  )
}

export async function saveHeartbeat(tx: TelemetryTx, monitorId: string, heartbeat: Heartbeat): Promise<void> {
  const { lastSuccessMs, runStartedMs, runId, deadlineMs } = heartbeat
  await query<UptimeTables>(tx)
    .updateTable('uptime.heartbeat')
    .set({
      last_ping_at: toDate(lastSuccessMs),
      last_start_at: toDate(runStartedMs),
      run_id: runId,
      deadline_at: toDate(deadlineMs),
    })
    .where('org_id', '=', tx.orgId)
    .where('monitor_id', '=', monitorId)
    .execute()
}

export type StoredPing = {
  readonly monitorId: string
  readonly atMs: number
  readonly kind: 'success' | 'start' | 'fail'
  readonly exitCode: number | null
  readonly runId: string | null
  readonly body: string | null
}

export async function insertPing(tx: TelemetryTx, ping: StoredPing): Promise<void> {
  await query<PingTables>(tx)
    .insertInto('uptime.heartbeat_ping')
    .values({
      org_id: tx.orgId,
      monitor_id: ping.monitorId,
      at: new Date(ping.atMs),
      kind: ping.kind,
      exit_code: ping.exitCode,
      run_id: ping.runId,
      body: ping.body,
    })
    .execute()
}

/** Spans since `sinceMs` in which no node was alive. */
export async function listOutages(
  tx: TenantTx,
  sinceMs: number,
): Promise<readonly { readonly fromMs: number; readonly toMs: number }[]> {
  const rows = await query<PingTables>(tx)
    .selectFrom('uptime.outage')
    .selectAll()
    .where('to_at', '>=', new Date(sinceMs))
    .execute()
  return rows.map((row) => ({ fromMs: row.from_at.getTime(), toMs: row.to_at.getTime() }))
}

export type UnleasedResult = {
  readonly monitorId: string
  readonly startedAtMs: number
  readonly origin: 'manual' | 'ping' | 'deadline'
  readonly outcome: Outcome
  readonly code: string | null
  readonly values: Readonly<Record<string, string | number>>
  readonly statusCode: number | null
  readonly totalMs: number | null
  readonly remoteAddress: string | null
  readonly inMaintenance: boolean
}

/** Stores a result without a lease: of a manual check, a ping or a deadline. */
export async function insertUnleased(tx: TelemetryTx, result: UnleasedResult): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.check_result')
    .values({
      org_id: tx.orgId,
      monitor_id: result.monitorId,
      location_id: 'local',
      started_at: new Date(result.startedAtMs),
      slot_at: new Date(result.startedAtMs),
      origin: result.origin,
      outcome: result.outcome,
      code: result.code,
      detail: result.code === null ? null : JSON.stringify(result.values),
      status_code: result.statusCode,
      dns_ms: null,
      connect_ms: null,
      tls_ms: null,
      ttfb_ms: null,
      download_ms: null,
      total_ms: result.totalMs,
      remote_address: result.remoteAddress,
      in_maintenance: result.inMaintenance,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
