import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { Selectable } from 'kysely'
import type { IncidentRow, IncidentUpdateRow, UptimeTables } from './tables.ts'

export type Incident = {
  readonly id: string
  readonly monitorId: string | null
  readonly monitorName: string | null
  readonly serviceId: string
  readonly type: IncidentRow['type']
  readonly status: IncidentRow['status']
  readonly severity: IncidentRow['severity']
  readonly title: string | null
  readonly cause: string | null
  readonly startedAtMs: number
  readonly confirmedAtMs: number
  readonly acknowledgedAtMs: number | null
  readonly acknowledgedBy: string | null
  readonly resolvedAtMs: number | null
  readonly threshold: number | null
  readonly publicPhase: IncidentPhase | null
  readonly impact: IncidentRow['impact']
  readonly visibility: 'public' | 'hidden'
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type IncidentPhase = IncidentUpdateRow['phase']

export type IncidentUpdate = {
  readonly id: string
  readonly phase: IncidentPhase
  readonly body: string
  readonly authorId: string | null
  readonly displayAtMs: number
  readonly supersedes: string | null
}

export type IncidentFilter = {
  readonly status?: Incident['status'] | undefined
  readonly monitorId?: string | undefined
  readonly serviceId?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly isOpen?: boolean | undefined
}

/** Where a page ended: incidents are ordered by their start, and may share one. */
export type IncidentPosition = Pick<Incident, 'startedAtMs' | 'id'>

/** Incidents, the newest start first. */
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
  return (await rows.execute()).map(toIncident)
}

export async function findIncident(tx: TenantTx, id: string): Promise<Incident | undefined> {
  const row = await incidents(tx).where('id', '=', id).executeTakeFirst()
  return row && toIncident(row)
}

/** Takes the incident's row until the transaction ends. Whoever locks its monitor as well does that first. */
export async function lockIncident(tx: AuditedTx, id: string): Promise<Incident | undefined> {
  const row = await incidents(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && toIncident(row)
}

export async function insertIncident(tx: AuditedTx, incident: Incident): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.incident')
    .values({ org_id: tx.orgId, ...toColumns(incident) })
    .execute()
}

/** Writes the incident as it is from now on; the caller has locked it. */
export async function setIncident(tx: AuditedTx, incident: Incident): Promise<void> {
  const { id, ...columns } = toColumns(incident)
  await query<UptimeTables>(tx).updateTable('uptime.incident').set(columns).where('id', '=', id).execute()
}

export async function setIncidentsService(tx: AuditedTx, fromId: string, toId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.incident')
    .set({ service_id: toId })
    .where('service_id', '=', fromId)
    .execute()
}

/** What was said about it goes too. */
export async function deleteIncident(tx: AuditedTx, id: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.incident').where('id', '=', id).execute()
}

/** What was said about an incident, in order. */
export async function listUpdates(tx: TenantTx, incidentId: string): Promise<readonly IncidentUpdate[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident_update')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('display_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    phase: row.phase,
    body: row.body,
    authorId: row.author_id,
    displayAtMs: row.display_at.getTime(),
    supersedes: row.supersedes,
  }))
}

export async function insertUpdate(tx: AuditedTx, incidentId: string, update: IncidentUpdate): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.incident_update')
    .values({
      org_id: tx.orgId,
      id: update.id,
      incident_id: incidentId,
      phase: update.phase,
      body: update.body,
      author_id: update.authorId,
      display_at: new Date(update.displayAtMs),
      supersedes: update.supersedes,
    })
    .execute()
}

function incidents(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.incident').selectAll()
}

function toColumns(incident: Incident) {
  const { acknowledgedAtMs, resolvedAtMs } = incident
  return {
    id: incident.id,
    monitor_id: incident.monitorId,
    monitor_name: incident.monitorName,
    service_id: incident.serviceId,
    type: incident.type,
    status: incident.status,
    severity: incident.severity,
    title: incident.title,
    cause: incident.cause,
    started_at: new Date(incident.startedAtMs),
    confirmed_at: new Date(incident.confirmedAtMs),
    acknowledged_at: acknowledgedAtMs === null ? null : new Date(acknowledgedAtMs),
    acknowledged_by: incident.acknowledgedBy,
    resolved_at: resolvedAtMs === null ? null : new Date(resolvedAtMs),
    threshold: incident.threshold,
    public_phase: incident.publicPhase,
    impact: incident.impact,
    visibility: incident.visibility,
    created_at: new Date(incident.createdAtMs),
    updated_at: new Date(incident.updatedAtMs),
  }
}

function toIncident(row: Selectable<IncidentRow>): Incident {
  return {
    id: row.id,
    monitorId: row.monitor_id,
    monitorName: row.monitor_name,
    serviceId: row.service_id,
    type: row.type,
    status: row.status,
    severity: row.severity,
    title: row.title,
    cause: row.cause,
    startedAtMs: row.started_at.getTime(),
    confirmedAtMs: row.confirmed_at.getTime(),
    acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
    acknowledgedBy: row.acknowledged_by,
    resolvedAtMs: row.resolved_at?.getTime() ?? null,
    threshold: row.threshold,
    publicPhase: row.public_phase,
    impact: row.impact,
    visibility: row.visibility,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
