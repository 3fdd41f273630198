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
import { incidentColumns, incidentUpdateColumns } from './incident-columns.ts'
import type { UptimeTables } from './tables.ts'

export type Incident = EntityOf<typeof incidentColumns>
export type IncidentUpdate = EntityOf<typeof incidentUpdateColumns>
type NewIncident = NewOf<typeof incidentColumns>
type NewUpdate = NewOf<typeof incidentUpdateColumns>

export type IncidentFilter = {
  readonly status?: Incident['status'] | undefined
  readonly monitorId?: string | undefined
  readonly serviceId?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly isOpen?: boolean | undefined
}

/** The cursor of a page: incidents are ordered by start time, which is not unique. */
export type IncidentPosition = Pick<Incident, 'startedAtMs' | 'id'>

/** Incidents, newest start first. */
export async function listIncidents(
  tx: TenantTx,
  { status, monitorId, serviceId, fromMs, toMs, isOpen }: IncidentFilter,
  {
    after,
    limit,
  }: { readonly after?: IncidentPosition | undefined; readonly limit?: number | undefined } = {},
): Promise<readonly Incident[]> {
  let rows = incidents(tx).orderBy('started_at', 'desc').orderBy('id', 'desc')
  if (status !== undefined) rows = rows.where('status', '=', status)
  if (monitorId !== undefined) rows = rows.where('monitor_id', '=', monitorId)
  if (serviceId !== undefined) rows = rows.where('service_id', '=', serviceId)
  if (fromMs !== undefined) rows = rows.where('started_at', '>=', new Date(fromMs))
  if (toMs !== undefined) rows = rows.where('started_at', '<', new Date(toMs))
  if (isOpen !== undefined) rows = rows.where('status', isOpen ? '<>' : '=', 'resolved')
  if (after !== undefined)
    rows = rows.where((where) =>
      where(where.refTuple('started_at', 'id'), '<', where.tuple(new Date(after.startedAtMs), after.id)),
    )
  if (limit !== undefined) rows = rows.limit(limit)
  return (await rows.execute()).map((row) => fromRow(incidentColumns, row))
}

export async function findIncident(tx: TenantTx, id: string): Promise<Incident | undefined> {
  const row = await incidents(tx).where('id', '=', id).executeTakeFirst()
  return row && fromRow(incidentColumns, row)
}

/** Locks the incident until the transaction ends. A caller that also locks its monitor has to do that first. */
export async function lockIncident(tx: AuditedTx, id: string): Promise<Incident | undefined> {
  const row = await incidents(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && fromRow(incidentColumns, row)
}

export async function insertIncident(tx: AuditedTx, given: NewIncident): Promise<Incident> {
  const incident = toEntity(incidentColumns, given)
  await query<UptimeTables>(tx)
    .insertInto('uptime.incident')
    .values({ org_id: tx.orgId, ...toRow(incidentColumns, incident) })
    .execute()
  return incident
}

/** Updates the incident; the caller has locked it. */
export async function setIncident(tx: AuditedTx, incident: Incident): Promise<void> {
  const { id, ...columns } = toRow(incidentColumns, incident)
  await query<UptimeTables>(tx).updateTable('uptime.incident').set(columns).where('id', '=', id).execute()
}

export async function setIncidentsService(tx: AuditedTx, fromId: string, toId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.incident')
    .set({ service_id: toId })
    .where('service_id', '=', fromId)
    .execute()
}

/** Its updates are deleted with it. */
export async function deleteIncident(tx: AuditedTx, id: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.incident').where('id', '=', id).execute()
}

/** The updates of an incident, in order. */
export async function listUpdates(tx: TenantTx, incidentId: string): Promise<readonly IncidentUpdate[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident_update')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('display_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => fromRow(incidentUpdateColumns, row))
}

export async function insertUpdate(
  tx: AuditedTx,
  incidentId: string,
  given: NewUpdate,
): Promise<IncidentUpdate> {
  const update = toEntity(incidentUpdateColumns, given)
  await query<UptimeTables>(tx)
    .insertInto('uptime.incident_update')
    .values({ org_id: tx.orgId, incident_id: incidentId, ...toRow(incidentUpdateColumns, update) })
    .execute()
  return update
}

function incidents(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.incident').selectAll()
}
