import { sql } from 'kysely'
import { query, type TenantTx, type WriterTx } from '../../db/index.ts'
import { pruningEvent } from '../verify-audit.mjs'

const bodyRowsMax = 5_000

/**
 * Orgs whose chains have bodies that are due. The body of an earlier pruning entry does not make a chain due by itself,
 * or each pruning would cause another one.
 */
export async function listChainsWithDueBodies(
  tx: WriterTx,
  throughMs: number,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT DISTINCT org_id FROM gatehouse.audit_entry
     WHERE payload IS NOT NULL AND ts <= ${new Date(throughMs)} AND event_type <> ${pruningEvent}
     LIMIT ${limit}`.execute(query(tx))
  return rows.map(({ org_id: orgId }) => orgId)
}

export type DueBodies = { readonly fromSeq: number; readonly toSeq: number; readonly bodies: number }

/** The range of the first `limit` bodies of the chain that are due, in chain order; undefined when none is. */
export async function findDueBodies(
  tx: TenantTx,
  throughMs: number,
  limit: number,
): Promise<DueBodies | undefined> {
  const { rows } = await sql<{ from_seq: string | null; to_seq: string | null; bodies: string }>`
    SELECT min(seq) AS from_seq, max(seq) AS to_seq, count(*) AS bodies
      FROM (SELECT seq FROM gatehouse.audit_entry
             WHERE org_id = ${tx.orgId} AND payload IS NOT NULL AND ts <= ${new Date(throughMs)}
             ORDER BY seq LIMIT ${limit}) AS due`.execute(query(tx))
  const { from_seq: fromSeq = null, to_seq: toSeq = null, bodies } = rows[0] ?? {}
  return fromSeq === null || toSeq === null
    ? undefined
    : { fromSeq: Number(fromSeq), toSeq: Number(toSeq), bodies: Number(bodies) }
}

/** Removes the bodies of all entries of the chain up to `toSeq` that were written up to `throughMs`. */
export async function clearBodies(
  tx: WriterTx,
  orgId: string,
  toSeq: number,
  throughMs: number,
): Promise<void> {
  await sql`
    UPDATE gatehouse.audit_entry
       SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
     WHERE org_id = ${orgId} AND payload IS NOT NULL AND seq <= ${toSeq}
       AND ts <= ${new Date(throughMs)}`.execute(query(tx))
}

/**
 * Removes every body of one org's chain, for the org's erasure (T7), and returns how many; the chain then holds hashes
 * only.
 */
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

/** The sequence numbers, ascending, of the entries whose bodies contain a text. It scans every body that is kept. */
export async function listSeqsAbout(tx: TenantTx, text: string): Promise<readonly number[]> {
  const { rows } = await sql<{ seq: string }>`
    SELECT seq FROM gatehouse.audit_entry
     WHERE org_id = ${tx.orgId} AND payload IS NOT NULL AND position(${text} in payload) > 0
     ORDER BY seq`.execute(query(tx))
  return rows.map(({ seq }) => Number(seq))
}

/** Removes the bodies of these entries of one org's chain, for the erasure of the person whom they mention. */
export async function eraseBodiesAt(tx: WriterTx, orgId: string, seqs: readonly number[]): Promise<void> {
  await sql`
    UPDATE gatehouse.audit_entry AS entry
       SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
     WHERE org_id = ${orgId} AND payload IS NOT NULL AND seq = ANY (${[...seqs]}::bigint[])`.execute(
    query(tx),
  )
}

/** When the oldest entry that still has a removable body was written, in milliseconds; null when there is none. */
export async function findOldestBody(tx: WriterTx): Promise<number | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(ts) AS oldest FROM gatehouse.audit_entry
     WHERE payload IS NOT NULL AND event_type <> ${pruningEvent}`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}
