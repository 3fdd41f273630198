import { query, type TelemetryTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/**
 * Orgs that have a newer checkpoint than the last one mailed to their owners, and were not mailed one since `dueMs`;
 * ordered by id, strictly after `afterOrg`. An org that was created since then is not due.
 */
export async function listOrgsDueForCheckpoint(
  tx: WriterTx,
  dueMs: number,
  afterOrg: string,
  max: number,
): Promise<readonly string[]> {
  const due = new Date(dueMs)
  const { rows } = await sql<{ org_id: string }>`
    SELECT org_id FROM gatehouse.org
     WHERE org_id > ${afterOrg} AND coalesce(checkpoint_mailed_at, created_at) <= ${due}
       AND suspended_at IS NULL AND test_of IS NULL
       AND EXISTS (SELECT FROM gatehouse.audit_checkpoint AS signed
                    WHERE signed.org_id = org.org_id AND signed.ts > coalesce(checkpoint_mailed_at, '-infinity'))
     ORDER BY org_id LIMIT ${max}`.execute(query(tx))
  return rows.map((row) => row.org_id)
}

/** Notes the mail; false when the owners were mailed a checkpoint since `dueMs`. */
export async function setCheckpointMailed(tx: TelemetryTx, nowMs: number, dueMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE gatehouse.org SET checkpoint_mailed_at = ${new Date(nowMs)}
     WHERE org_id = ${tx.orgId} AND coalesce(checkpoint_mailed_at, created_at) <= ${new Date(dueMs)}`.execute(
    query(tx),
  )
  return numAffectedRows === 1n
}
