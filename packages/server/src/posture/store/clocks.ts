import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type IncidentFacts = {
  readonly open: number
  /** Incidents past the claimed deadline that are not contained yet. */
  readonly uncontained: number
  /** Incidents past it of which an affected org has not been notified. */
  readonly untold: number
}

/** The open security incidents, in the org of the instance. */
export async function readOpenIncidents(tx: TenantTx, nowMs: number, hours: number): Promise<IncidentFacts> {
  const due = new Date(nowMs - hours * 3_600_000)
  const { rows } = await sql<IncidentFacts>`
    SELECT count(*)::int AS open,
           (count(*) FILTER (WHERE contained_at IS NULL AND opened_at < ${due}))::int AS uncontained,
           (count(*) FILTER (WHERE clock_from < ${due} AND (scope_orgs = 'unknown' OR EXISTS (
              SELECT FROM platform.security_incident_org o
               WHERE o.org_id = i.org_id AND o.incident_id = i.id AND o.told_at IS NULL))))::int AS untold
      FROM platform.security_incident i WHERE closed_at IS NULL`.execute(query(tx))
  return only(rows)
}

/** The ids of published reports, newest first. */
export async function listPublishedReports(tx: TenantTx, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM platform.security_incident WHERE published_at IS NOT NULL
     ORDER BY published_at DESC LIMIT ${limit}`.execute(query(tx))
  return rows.map(({ id }) => id)
}

export type CaseFacts = {
  readonly open: number
  readonly unacknowledged: number
  readonly unfixed: number
}

/** The open reports of weaknesses that are past their deadlines. One that nobody has judged may be critical. */
export async function readOpenCases(
  tx: TenantTx,
  nowMs: number,
  { acknowledgeHours, fixHours }: { readonly acknowledgeHours: number; readonly fixHours: number },
): Promise<CaseFacts> {
  const [acknowledgeDue, fixDue] = [acknowledgeHours, fixHours].map(
    (hours) => new Date(nowMs - hours * 3_600_000),
  )
  const { rows } = await sql<CaseFacts>`
    SELECT count(*)::int AS open,
           (count(*) FILTER (WHERE acknowledged_at IS NULL AND received_at < ${acknowledgeDue}))::int
             AS unacknowledged,
           (count(*) FILTER (WHERE fixed_at IS NULL AND coalesce(severity, 'critical') = 'critical'
                               AND received_at < ${fixDue}))::int AS unfixed
      FROM platform.disclosure_case WHERE closed_at IS NULL`.execute(query(tx))
  return only(rows)
}

function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('A count gives one row')
  return row
}
