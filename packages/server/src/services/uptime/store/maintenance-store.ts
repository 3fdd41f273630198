import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MaintenanceWindow } from '../domain/maintenance.ts'
import type { UptimeTables } from './tables.ts'

/** `notify`: its beginning and its end are told. */
export type StoredWindow = MaintenanceWindow & { readonly notify: boolean }
export type NewWindow = Omit<StoredWindow, 'excludedMonitorIds' | 'endedAtMs'>

/** The windows that have begun by `nowMs` and are not over, oldest first. */
export async function listOpenWindows(tx: TenantTx, nowMs: number): Promise<readonly StoredWindow[]> {
  const now = new Date(nowMs)
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('starts_at', '<=', now)
    .where((where) => where.or([where('ends_at', '>', now), where('auto_resolve', '=', false)]))
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    scope: row.scope,
    monitorIds: row.monitor_ids,
    excludedMonitorIds: row.excluded_monitor_ids,
    serviceId: row.service_id,
    startsAtMs: row.starts_at.getTime(),
    endsAtMs: row.ends_at.getTime(),
    autoResolve: row.auto_resolve,
    notify: row.notify,
    endedAtMs: row.ended_at?.getTime() ?? null,
  }))
}

/** Makes changes of the org's maintenance happen one after another until the transaction ends. */
export async function lockMaintenance(tx: AuditedTx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`uptime.maintenance:${tx.orgId}`}, 0))`.execute(
    query(tx),
  )
}

export async function insertWindow(tx: AuditedTx, window: NewWindow, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.maintenance_window')
    .values({
      org_id: tx.orgId,
      id: window.id,
      title: null,
      scope: window.scope,
      monitor_ids: [...window.monitorIds],
      service_id: window.serviceId,
      starts_at: new Date(window.startsAtMs),
      ends_at: new Date(window.endsAtMs),
      auto_resolve: window.autoResolve,
      notify: window.notify,
      ended_at: null,
      created_at: new Date(nowMs),
    })
    .execute()
}

export async function setWindowsEnded(tx: AuditedTx, ids: readonly string[], nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.maintenance_window')
    .set({ ended_at: new Date(nowMs) })
    .where(sql<boolean>`id = ANY (${[...ids]}::text[])`)
    .execute()
}

/** Takes monitors out of windows that go on for others. */
export async function setMonitorsExcluded(
  tx: AuditedTx,
  windowIds: readonly string[],
  monitorIds: readonly string[],
): Promise<void> {
  await sql`
    UPDATE uptime.maintenance_window
       SET excluded_monitor_ids = ARRAY(
             SELECT unnest(excluded_monitor_ids) UNION SELECT unnest(${[...monitorIds]}::text[]) ORDER BY 1)
     WHERE org_id = ${tx.orgId} AND id = ANY (${[...windowIds]}::text[])`.execute(query(tx))
}
