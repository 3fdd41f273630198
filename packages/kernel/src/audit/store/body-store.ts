import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

const bodyRowsMax = 5_000

/**
 * Takes the bodies of entries written up to `throughMs`, oldest first, and returns how many; at most `limit`. Links,
 * hashes and signatures stay, so the chain still verifies (A4).
 */
export async function pruneAuditBodies(tx: WriterTx, throughMs: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE gatehouse.audit_entry AS entry
       SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
      FROM (SELECT org_id, seq FROM gatehouse.audit_entry
             WHERE payload IS NOT NULL AND ts <= ${new Date(throughMs)} ORDER BY ts LIMIT ${limit}) AS due
     WHERE entry.org_id = due.org_id AND entry.seq = due.seq`.execute(query(tx))
  return Number(numAffectedRows ?? 0)
}

/** Takes every body of one org's chain, for its erasure (T7), and returns how many; the chain keeps hashes only. */
export async function eraseAuditBodies(tx: WriterTx, orgId: string): Promise<number> {
  let erased = 0
  for (;;) {
    const { numAffectedRows } = await sql`
      UPDATE gatehouse.audit_entry AS entry
         SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
        FROM (SELECT seq FROM gatehouse.audit_entry
               WHERE org_id = ${orgId} AND payload IS NOT NULL LIMIT ${bodyRowsMax}) AS due
       WHERE entry.org_id = ${orgId} AND entry.seq = due.seq`.execute(query(tx))
    const count = Number(numAffectedRows ?? 0)
    erased += count
    if (count < bodyRowsMax) return erased
  }
}

/** When the oldest entry that still has a body was written, in milliseconds; null when there is none. */
export async function findOldestBody(tx: WriterTx): Promise<number | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(ts) AS oldest FROM gatehouse.audit_entry WHERE payload IS NOT NULL`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}
