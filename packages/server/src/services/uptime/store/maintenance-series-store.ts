import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EntityOf, fromRow, query, type TenantTx, toRow } from '@gatehouse/kernel/db'
import type { NamedWindow } from './maintenance-store.ts'
import type { UptimeTables } from './tables.ts'
import { seriesColumns } from './series-columns.ts'
import { windowColumns } from './window-columns.ts'

/** Maintenance that recurs. */
export type StoredSeries = EntityOf<typeof seriesColumns>

export async function listSeries(tx: TenantTx): Promise<readonly StoredSeries[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_series')
    .selectAll()
    .orderBy('id')
    .limit(1_000)
    .execute()
  return rows.map((row) => fromRow(seriesColumns, row))
}

export async function findSeries(tx: TenantTx, id: string): Promise<StoredSeries | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_series')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && fromRow(seriesColumns, row)
}

export async function insertSeries(tx: AuditedTx, series: StoredSeries): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.maintenance_series')
    .values({ org_id: tx.orgId, ...toRow(seriesColumns, series) })
    .execute()
}

export async function setSeries(tx: AuditedTx, series: StoredSeries): Promise<void> {
  const { id, ...columns } = toRow(seriesColumns, series)
  await query<UptimeTables>(tx)
    .updateTable('uptime.maintenance_series')
    .set(columns)
    .where('id', '=', id)
    .execute()
}

export async function deleteSeries(tx: AuditedTx, id: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.maintenance_series').where('id', '=', id).execute()
}

/** Deletes the recurring maintenance of a status page with its future occurrences. */
export async function deleteSeriesOfService(tx: AuditedTx, serviceId: string, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.maintenance_series')
    .where('service_id', '=', serviceId)
    .execute()
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.maintenance_window')
    .where('service_id', '=', serviceId)
    .where('starts_at', '>', new Date(nowMs))
    .execute()
}

/** Current and future occurrences, earliest first. */
export async function listTimes(
  tx: TenantTx,
  seriesId: string,
  nowMs: number,
): Promise<readonly NamedWindow[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.maintenance_window')
    .selectAll()
    .where('series_id', '=', seriesId)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', new Date(nowMs))
    .orderBy('starts_at')
    .execute()
  return rows.map((row) => fromRow(windowColumns, row))
}

/** Deletes occurrences that have not started. */
export async function deleteTimesAhead(tx: AuditedTx, seriesId: string, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.maintenance_window')
    .where('series_id', '=', seriesId)
    .where('starts_at', '>', new Date(nowMs))
    .execute()
}
