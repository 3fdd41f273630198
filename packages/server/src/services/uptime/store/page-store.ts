import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import type { PageAccess } from '../domain/page-access.ts'
import type { OrgTables } from './plan-store.ts'
import type { UptimeTables } from './tables.ts'

/** What is read about a page before deciding who may see it. */
export type PageHead = {
  readonly orgId: string
  readonly serviceId: string
  readonly name: string
  readonly slug: string
  readonly description: string | null
  readonly access: PageAccess
  readonly passwordHash: string | null
  readonly feedKeyDigest: string | null
  readonly timeZone: string
  readonly language: 'auto' | 'en' | 'ja'
  /** Increased by every change to what the page shows. */
  readonly version: string
}

/** Pages of a suspended organisation are not found. */
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
      access: row.access,
      passwordHash: row.password_hash,
      feedKeyDigest: row.feed_key_digest,
      timeZone: row.time_zone,
      language: row.language,
      version: row.version,
    }
  )
}

export type PageIncident = {
  readonly id: string
  /** Null once the monitor was deleted. */
  readonly monitorId: string | null
  readonly monitorName: string | null
  /** The monitor's current public name, if it differs from its name. */
  readonly displayName: string | null
  /** Whether the monitor is hidden, whatever page it is on now. */
  readonly isHidden: boolean
  readonly type: string
  readonly title: string | null
  readonly impact: 'none' | 'minor' | 'major' | 'critical'
  readonly startedAtMs: number
  readonly resolvedAtMs: number | null
  readonly publicPhase: string | null
}

/**
 * Incidents to show on the page, newest first: open ones, those that started or ended since `sinceMs`, and the
 * `newestCount` newest.
 */
export async function listPageIncidents(
  tx: TenantTx,
  serviceId: string,
  sinceMs: number,
  newestCount: number,
): Promise<readonly PageIncident[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident as i')
    .leftJoin('uptime.component as c', (join) =>
      join.onRef('c.org_id', '=', 'i.org_id').onRef('c.monitor_id', '=', 'i.monitor_id'),
    )
    .selectAll('i')
    .select(['c.display_name', 'c.hidden'])
    .where('i.org_id', '=', tx.orgId)
    .where('i.service_id', '=', serviceId)
    .where('visibility', '=', 'public')
    .where('public_phase', 'is not', null)
    .where((where) =>
      where.or([
        where('resolved_at', 'is', null),
        where('resolved_at', '>=', new Date(sinceMs)),
        where('started_at', '>=', new Date(sinceMs)),
        where('i.id', 'in', (from) =>
          from
            .selectFrom('uptime.incident as n')
            .select('n.id')
            .where('n.org_id', '=', tx.orgId)
            .where('n.service_id', '=', serviceId)
            .where('n.visibility', '=', 'public')
            .where('n.public_phase', 'is not', null)
            .orderBy('n.started_at', 'desc')
            .limit(newestCount),
        ),
      ]),
    )
    .orderBy('started_at', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    monitorId: row.monitor_id,
    displayName: row.display_name,
    monitorName: row.public_name ?? row.monitor_name,
    isHidden: row.hidden ?? false,
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
