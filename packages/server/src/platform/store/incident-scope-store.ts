import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'

/** The orgs of customers among these ids, or all there are. */
export async function listCustomerOrgs(tx: GateTx, among: readonly string[] | 'all'): Promise<string[]> {
  const chosen = among === 'all' ? sql`true` : sql`org_id = ANY (${among}::uuid[])`
  const { rows } = await sql<{ org_id: string }>`
    SELECT org_id FROM gatehouse.org
     WHERE ${chosen} AND org_id <> ${instanceOrgId} AND test_of IS NULL AND erasing_at IS NULL
       AND NOT throw_away
     ORDER BY org_id`.execute(query(tx))
  return rows.map((row) => row.org_id)
}

/** Sets the affected orgs; those that were notified stay in the list, whatever is set later. */
export async function setAffectedOrgs(
  tx: AuditedTx,
  incidentId: string,
  orgIds: readonly string[],
): Promise<void> {
  await sql`
    DELETE FROM platform.security_incident_org
     WHERE org_id = ${tx.orgId} AND incident_id = ${incidentId} AND told_at IS NULL
       AND affected_org <> ALL (${orgIds}::uuid[])`.execute(query(tx))
  await sql`
    INSERT INTO platform.security_incident_org (org_id, incident_id, affected_org)
    SELECT ${tx.orgId}, ${incidentId}, chosen FROM unnest(${orgIds}::uuid[]) AS chosen
    ON CONFLICT DO NOTHING`.execute(query(tx))
}

export async function listAffectedOrgs(tx: TenantTx, incidentId: string): Promise<string[]> {
  const { rows } = await sql<{ affected_org: string }>`
    SELECT affected_org FROM platform.security_incident_org
     WHERE org_id = ${tx.orgId} AND incident_id = ${incidentId} ORDER BY affected_org`.execute(query(tx))
  return rows.map((row) => row.affected_org)
}

export async function listUntoldOrgs(tx: TenantTx, incidentId: string, max: number): Promise<string[]> {
  const { rows } = await sql<{ affected_org: string }>`
    SELECT affected_org FROM platform.security_incident_org
     WHERE org_id = ${tx.orgId} AND incident_id = ${incidentId} AND told_at IS NULL
     ORDER BY affected_org LIMIT ${max}`.execute(query(tx))
  return rows.map((row) => row.affected_org)
}

export async function setOrgsTold(
  tx: AuditedTx,
  incidentId: string,
  orgIds: readonly string[],
  nowMs: number,
): Promise<void> {
  await sql`
    UPDATE platform.security_incident_org SET told_at = ${new Date(nowMs)}
     WHERE org_id = ${tx.orgId} AND incident_id = ${incidentId} AND told_at IS NULL
       AND affected_org = ANY (${orgIds}::uuid[])`.execute(query(tx))
}
