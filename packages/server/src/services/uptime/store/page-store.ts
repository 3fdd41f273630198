import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MonitorState } from '../domain/monitor.ts'
import type { Interval } from '../domain/timeline.ts'
import type { OrgTables } from './plan-store.ts'
import type { UptimeTables } from './tables.ts'

/** What the gate knows of a page before it decides who may see it. */
export type PageHead = {
  readonly orgId: string
  readonly serviceId: string
  readonly name: string
  readonly slug: string
  readonly description: string | null
  readonly isPublic: boolean
  readonly timeZone: string
  readonly language: 'auto' | 'en' | 'ja'
  /** Raised by whatever changes what the page shows. */
  readonly version: string
}

/** A suspended org has no pages. */
export async function findPageHead(tx: GateTx, slug: string): Promise<PageHead | undefined> {
  const row = await query<UptimeTables & OrgTables>(tx)
    .selectFrom('uptime.service as s')
    .innerJoin('gatehouse.org as o', 'o.org_id', 's.org_id')
    .selectAll('s')
    .where('s.slug', '=', slug)
    .where('o.suspended_at', 'is', null)
    .executeTakeFirst()
  return (
    row && {
      orgId: row.org_id,
      serviceId: row.id,
      name: row.name,
      slug: row.slug,
      description: row.description,
      isPublic: row.is_public && row.access === 'public',
      timeZone: row.time_zone,
      language: row.language,
      version: row.version,
    }
  )
}

export type PageMonitor = { readonly id: string; readonly name: string; readonly state: MonitorState }

export async function listPageMonitors(tx: TenantTx, serviceId: string): Promise<readonly PageMonitor[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.monitor as m')
    .innerJoin('uptime.monitor_state as s', (join) =>
      join.onRef('s.org_id', '=', 'm.org_id').onRef('s.monitor_id', '=', 'm.id'),
    )
    .select(['m.id', 'm.name', 's.state'])
    .where('m.org_id', '=', tx.orgId)
    .where('m.service_id', '=', serviceId)
    .orderBy('m.id')
    .limit(500)
    .execute()
  return rows.map((row) => ({ id: row.id, name: row.name, state: row.state }))
}

/** The timelines of a page's monitors since `fromMs`, each in order, in one query. */
export async function listPageIntervals(
  tx: TenantTx,
  serviceId: string,
  fromMs: number,
): Promise<ReadonlyMap<string, readonly Interval[]>> {
  const { rows } = await sql<{
    monitor_id: string
    from_ms: string
    to_ms: string | null
    state: Interval['state']
    blip_ms: string
    incident_id: string | null
  }>`
    SELECT i.monitor_id, i.from_ms, i.to_ms, i.state, i.blip_ms, i.incident_id
      FROM uptime.monitor m
      JOIN uptime.state_interval i ON i.org_id = m.org_id AND i.monitor_id = m.id
     WHERE m.org_id = ${tx.orgId} AND m.service_id = ${serviceId} AND (i.to_ms IS NULL OR i.to_ms > ${fromMs})
     ORDER BY i.monitor_id, i.from_ms`.execute(query(tx))
  return Map.groupBy(
    rows.map((row) => ({
      monitorId: row.monitor_id,
      fromMs: Number(row.from_ms),
      toMs: row.to_ms === null ? null : Number(row.to_ms),
      state: row.state,
      blipMs: Number(row.blip_ms),
      incidentId: row.incident_id,
    })),
    ({ monitorId }) => monitorId,
  )
}

export type PageIncident = {
  readonly id: string
  readonly monitorName: string | null
  readonly type: string
  readonly title: string | null
  readonly impact: 'none' | 'minor' | 'major' | 'critical'
  readonly startedAtMs: number
  readonly resolvedAtMs: number | null
  readonly publicPhase: string | null
}

/** Incidents that the page may show: open ones, and those that began or ended since `sinceMs`. */
export async function listPageIncidents(
  tx: TenantTx,
  serviceId: string,
  sinceMs: number,
): Promise<readonly PageIncident[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .where('visibility', '=', 'public')
    .where('public_phase', 'is not', null)
    .where((where) =>
      where.or([
        where('resolved_at', 'is', null),
        where('resolved_at', '>=', new Date(sinceMs)),
        where('started_at', '>=', new Date(sinceMs)),
      ]),
    )
    .orderBy('started_at', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    monitorName: row.monitor_name,
    type: row.type,
    title: row.title,
    impact: row.impact,
    startedAtMs: row.started_at.getTime(),
    resolvedAtMs: row.resolved_at?.getTime() ?? null,
    publicPhase: row.public_phase,
  }))
}

export type PageUpdate = {
  readonly incidentId: string
  readonly id: string
  readonly phase: 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'
  readonly body: string
  readonly displayAtMs: number
  readonly supersedes: string | null
}

/** Newest first. */
export async function listPageUpdates(
  tx: TenantTx,
  incidentIds: readonly string[],
): Promise<readonly PageUpdate[]> {
  if (incidentIds.length === 0) return []
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident_update')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('incident_id', 'in', [...incidentIds])
    .orderBy('display_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    incidentId: row.incident_id,
    id: row.id,
    phase: row.phase,
    body: row.body,
    displayAtMs: row.display_at.getTime(),
    supersedes: row.supersedes,
  }))
}
