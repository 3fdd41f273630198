import type { AuditedTx } from '@gatehouse/kernel/audit'
import {
  type EntityOf,
  fromRow,
  type NewOf,
  query,
  type TenantTx,
  toEntity,
  toRow,
} from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MaintenanceWindow } from '../domain/maintenance.ts'
import type { UptimeTables } from './tables.ts'
import { windowColumns } from './window-columns.ts'

/** `notify`: people are notified of its beginning and its end. */
export type StoredWindow = MaintenanceWindow & { readonly notify: boolean }
/** A maintenance window as shown to people. */
export type NamedWindow = EntityOf<typeof windowColumns>
type NewWindow = Omit<NewOf<typeof windowColumns>, 'excludedMonitorIds' | 'createdAtMs'>

/** Windows that have started by `nowMs` and are not over, oldest first. */
export async function listOpenWindows(tx: TenantTx, nowMs: number): Promise<readonly NamedWindow[]> {
  const now = new Date(nowMs)
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('starts_at', '<=', now)
    .where((where) => where.or([where('ends_at', '>', now), where('auto_resolve', '=', false)]))
    .orderBy('id')
    .execute()
  return rows.map((row) => fromRow(windowColumns, row))
}

/**
 * Windows that are planned, active or ended since `sinceMs`, latest start first; without planned occurrences of
 * recurring maintenance.
 */
export async function listWindows(
  tx: TenantTx,
  sinceMs: number,
  nowMs: number,
): Promise<readonly NamedWindow[]> {
  const [since, now] = [new Date(sinceMs), new Date(nowMs)]
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where((where) =>
      where.or([
        where('ends_at', '>', since),
        where.and([where('auto_resolve', '=', false), where('ended_at', 'is', null)]),
      ]),
    )
    .where((where) => where.or([where('series_id', 'is', null), where('starts_at', '<=', now)]))
    .orderBy('starts_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1_000)
    .execute()
  return rows.map((row) => fromRow(windowColumns, row))
}

/** Windows that are on at some time of a period, earliest first. */
export async function listWindowsBetween(
  tx: TenantTx,
  fromMs: number,
  toMs: number,
  max: number,
): Promise<readonly NamedWindow[]> {
  const from = new Date(fromMs)
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where('starts_at', '<', new Date(toMs))
    .where((where) =>
      where.or([
        where('ended_at', '>', from),
        where.and([
          where('ended_at', 'is', null),
          where.or([where('ends_at', '>', from), where('auto_resolve', '=', false)]),
        ]),
      ]),
    )
    .orderBy('starts_at')
    .orderBy('id')
    .limit(max)
    .execute()
  return rows.map((row) => fromRow(windowColumns, row))
}

/** Planned windows, next start first; of recurring maintenance the next `timesMax` occurrences. */
export async function listPlannedWindows(
  tx: TenantTx,
  nowMs: number,
  timesMax: number,
): Promise<readonly NamedWindow[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom((from) =>
      from
        .selectFrom('uptime.maintenance_window')
        .selectAll()
        .select(
          sql<string>`row_number() OVER (PARTITION BY coalesce(series_id, id) ORDER BY starts_at)`.as('nth'),
        )
        .where('ended_at', 'is', null)
        .where('starts_at', '>', new Date(nowMs))
        .as('planned'),
    )
    .selectAll()
    .where(sql<boolean>`nth <= ${timesMax}`)
    .orderBy('starts_at')
    .orderBy('id')
    .limit(1_000)
    .execute()
  return rows.map((row) => fromRow(windowColumns, row))
}

export async function findWindow(tx: TenantTx, id: string): Promise<NamedWindow | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && fromRow(windowColumns, row)
}

export async function setWindow(tx: AuditedTx, window: NamedWindow): Promise<void> {
  const { id, ...columns } = toRow(windowColumns, window)
  await query<UptimeTables>(tx)
    .updateTable('uptime.maintenance_window')
    .set(columns)
    .where('id', '=', id)
    .execute()
}

export async function deleteWindow(tx: AuditedTx, id: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.maintenance_window').where('id', '=', id).execute()
}

/** Serializes changes to the organisation's maintenance until the transaction ends. */
export async function lockMaintenance(tx: AuditedTx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`uptime.maintenance:${tx.orgId}`}, 0))`.execute(
    query(tx),
  )
}

export async function insertWindow(tx: AuditedTx, given: NewWindow, nowMs: number): Promise<void> {
  const window = toEntity(windowColumns, { ...given, excludedMonitorIds: [], createdAtMs: nowMs })
  await query<UptimeTables>(tx)
    .insertInto('uptime.maintenance_window')
    .values({ org_id: tx.orgId, ...toRow(windowColumns, window) })
    .execute()
}

export async function setWindowsEnded(tx: AuditedTx, ids: readonly string[], nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.maintenance_window')
    .set({ ended_at: new Date(nowMs) })
    .where(sql<boolean>`id = ANY (${[...ids]}::text[])`)
    .execute()
}

/** Removes monitors from windows that continue for others. */
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
