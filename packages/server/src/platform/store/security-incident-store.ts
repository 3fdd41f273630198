import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type {
  IncidentReport,
  IncidentScope,
  Said,
  SecurityIncident,
  Severity,
} from '../domain/security-incident.ts'

type IncidentRow = {
  id: string
  title: string
  severity: Severity
  because_claim: string | null
  scope_orgs: IncidentScope
  scope_data: string
  affected: number
  told: number
  opened_at: Date
  clock_from: Date
  reminded_hours: number
  contained_at: Date | null
  notice: Said<string> | null
  told_at: Date | null
  report: Said<IncidentReport> | null
  published_at: Date | null
  revised_at: Date | null
  closed_at: Date | null
  closed_because: string | null
}

export type NewIncident = Pick<
  SecurityIncident,
  'id' | 'title' | 'severity' | 'becauseClaim' | 'scopeOrgs' | 'scopeData' | 'openedAtMs'
>

/** False when the claim already has an open incident. */
export async function insertIncident(tx: AuditedTx, incident: NewIncident): Promise<boolean> {
  const { id, title, severity, becauseClaim, scopeOrgs, scopeData } = incident
  const openedAt = new Date(incident.openedAtMs)
  const { numAffectedRows } = await sql`
    INSERT INTO platform.security_incident
      (org_id, id, title, severity, because_claim, scope_orgs, scope_data, opened_at, clock_from)
    VALUES (${tx.orgId}, ${id}, ${title}, ${severity}, ${becauseClaim}, ${scopeOrgs}, ${scopeData}, ${openedAt},
            ${openedAt})
    ON CONFLICT (org_id, because_claim) WHERE closed_at IS NULL DO NOTHING`.execute(query(tx))
  return numAffectedRows === 1n
}

export async function findIncident(tx: TenantTx, id: string): Promise<SecurityIncident | undefined> {
  return (await listWhere(tx, sql`i.id = ${id}`, 1))[0]
}

export async function findOpenIncidentOf(tx: TenantTx, claim: string): Promise<SecurityIncident | undefined> {
  return (await listWhere(tx, sql`i.because_claim = ${claim} AND i.closed_at IS NULL`, 1))[0]
}

/** Locks and returns the incident until the transaction ends. */
export async function lockIncident(tx: AuditedTx, id: string): Promise<SecurityIncident | undefined> {
  await sql`
    SELECT FROM platform.security_incident WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`.execute(
    query(tx),
  )
  return findIncident(tx, id)
}

/** Incidents, newest first, strictly after `afterId` when given. */
export async function listIncidents(
  tx: TenantTx,
  page: { readonly afterId?: string | undefined; readonly limit: number },
): Promise<SecurityIncident[]> {
  return listWhere(tx, page.afterId === undefined ? sql`true` : sql`i.id < ${page.afterId}`, page.limit)
}

export async function listOpenIncidents(tx: TenantTx): Promise<SecurityIncident[]> {
  return listWhere(tx, sql`i.closed_at IS NULL`, null)
}

/** The incidents with a public report, newest first. */
export async function listPublishedIncidents(tx: TenantTx, max: number): Promise<SecurityIncident[]> {
  return listWhere(tx, sql`i.published_at IS NOT NULL`, max)
}

export type IncidentChange = Partial<{
  readonly title: string
  readonly severity: Severity
  readonly scope_orgs: IncidentScope
  readonly scope_data: string
  readonly clock_from: Date
  readonly reminded_hours: number
  readonly contained_at: Date
  readonly notice: Said<string>
  readonly told_at: Date | null
  readonly report: Said<IncidentReport>
  readonly published_at: Date
  readonly revised_at: Date
  readonly closed_at: Date
  readonly closed_because: string
}>

export async function setIncident(tx: AuditedTx, id: string, change: IncidentChange): Promise<void> {
  const sets = Object.entries(change).map(([column, value]) => {
    const isDocument = column === 'notice' || column === 'report'
    return sql`${sql.id(column)} = ${isDocument ? sql`${JSON.stringify(value)}::jsonb` : value}`
  })
  if (sets.length === 0) return
  await sql`
    UPDATE platform.security_incident SET ${sql.join(sets)}
     WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(query(tx))
}

async function listWhere(
  tx: TenantTx,
  condition: RawBuilder<unknown>,
  limit: number | null,
): Promise<SecurityIncident[]> {
  const { rows } = await sql<IncidentRow>`
    SELECT i.*, touched.affected, touched.told
      FROM platform.security_incident i
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS affected, count(o.told_at)::int AS told FROM platform.security_incident_org o
        WHERE o.org_id = i.org_id AND o.incident_id = i.id) AS touched
     WHERE i.org_id = ${tx.orgId} AND ${condition}
     ORDER BY i.id DESC LIMIT ${limit}`.execute(query(tx))
  return rows.map(toIncident)
}

function toIncident(row: IncidentRow): SecurityIncident {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity,
    becauseClaim: row.because_claim,
    scopeOrgs: row.scope_orgs,
    scopeData: row.scope_data,
    affected: row.affected,
    told: row.told,
    openedAtMs: row.opened_at.getTime(),
    clockFromMs: row.clock_from.getTime(),
    remindedHours: row.reminded_hours,
    containedAtMs: row.contained_at?.getTime() ?? null,
    notice: row.notice,
    toldAtMs: row.told_at?.getTime() ?? null,
    report: row.report,
    publishedAtMs: row.published_at?.getTime() ?? null,
    revisedAtMs: row.revised_at?.getTime() ?? null,
    closedAtMs: row.closed_at?.getTime() ?? null,
    closedBecause: row.closed_because,
  }
}
