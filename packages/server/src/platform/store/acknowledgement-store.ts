import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'

export type TargetAcknowledgement = {
  readonly version: number
  readonly userId: string
  readonly atMs: number
}

/** The acknowledgement of the newest wording that somebody of the org accepted. */
export async function findTargetAcknowledgement(tx: TenantTx): Promise<TargetAcknowledgement | undefined> {
  const { rows } = await sql<{ version: number; user_id: string; acknowledged_at: Date }>`
    SELECT version, user_id, acknowledged_at FROM platform.target_acknowledgement
     WHERE org_id = ${tx.orgId} ORDER BY version DESC LIMIT 1`.execute(query(tx))
  const [row] = rows
  return row && { version: row.version, userId: row.user_id, atMs: row.acknowledged_at.getTime() }
}

/** False when it was acknowledged before. */
export async function insertTargetAcknowledgement(
  tx: AuditedTx,
  { version, userId, atMs }: TargetAcknowledgement,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    INSERT INTO platform.target_acknowledgement (org_id, version, user_id, acknowledged_at)
    VALUES (${tx.orgId}, ${version}, ${userId}, ${new Date(atMs)})
    ON CONFLICT (org_id, version) DO NOTHING`.execute(query(tx))
  return numAffectedRows === 1n
}

export type AcknowledgingOrgs = { readonly orgs: number; readonly acknowledged: number }

/** The number of orgs, and of those that acknowledged this wording; test orgs follow their org and are left out. */
export async function countAcknowledgingOrgs(tx: GateTx, version: number): Promise<AcknowledgingOrgs> {
  const { rows } = await sql<{ orgs: string; acknowledged: string }>`
    SELECT count(*) AS orgs, count(a.org_id) AS acknowledged
      FROM gatehouse.org o
      LEFT JOIN platform.target_acknowledgement a ON a.org_id = o.org_id AND a.version = ${version}
     WHERE o.test_of IS NULL AND o.erased_at IS NULL AND NOT o.throw_away
       AND o.org_id <> ${instanceOrgId}`.execute(query(tx))
  return { orgs: Number(rows[0]?.orgs ?? 0), acknowledged: Number(rows[0]?.acknowledged ?? 0) }
}
