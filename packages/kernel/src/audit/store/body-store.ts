import { sql } from 'kysely'
import { query, type TenantTx, type WriterTx } from '../../db/index.ts'
import { pruningEvent } from '../verify-audit.mjs'

const bodyRowsMax = 5_000

/** Chains with bodies that are due. What an earlier pruning said goes only together with something else. */
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

/** The first bodies of the chain that are due, in the order of the chain; undefined when none is. */
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

/** Takes every body of the chain up to there that was written up to `throughMs`. */
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

/** The entries whose bodies hold a text, in their order. It looks at every body that is kept. */
export async function listSeqsAbout(tx: TenantTx, text: string): Promise<readonly number[]> {
  const { rows } = await sql<{ seq: string }>`
    SELECT seq FROM gatehouse.audit_entry
     WHERE org_id = ${tx.orgId} AND payload IS NOT NULL AND position(${text} in payload) > 0
     ORDER BY seq`.execute(query(tx))
  return rows.map(({ seq }) => Number(seq))
}

/** Takes the bodies of these entries of one org's chain, for the erasure of whom they are about. */
export async function eraseBodiesAt(tx: WriterTx, orgId: string, seqs: readonly number[]): Promise<void> {
  await sql`
    UPDATE gatehouse.audit_entry AS entry
       SET payload = NULL, actor_id = NULL, resource_type = NULL, resource_id = NULL
     WHERE org_id = ${orgId} AND payload IS NOT NULL AND seq = ANY (${[...seqs]}::bigint[])`.execute(
    query(tx),
  )
}

/** When the oldest entry whose body is still to go was written, in milliseconds; null when there is none. */
export async function findOldestBody(tx: WriterTx): Promise<number | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(ts) AS oldest FROM gatehouse.audit_entry
     WHERE payload IS NOT NULL AND event_type <> ${pruningEvent}`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}
