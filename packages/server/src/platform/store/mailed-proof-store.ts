import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MailedProof, ProofPurpose } from '../domain/mailed-proof.ts'
import type { MailedProofRow, PlatformTables } from './platform-tables.ts'

const columns = ['id', 'user_id', 'purpose', 'email', 'expires_at', 'created_at'] as const

/** Stores a proof without its digest, which is set when the mail is sent: until then nothing matches it. */
export async function insertProof(tx: AuditedTx | GateTx, proof: MailedProof): Promise<void> {
  await query<PlatformTables>(tx)
    .insertInto('platform.mailed_proof')
    .values({
      id: proof.id,
      user_id: proof.userId,
      purpose: proof.purpose,
      email: proof.email,
      digest: null,
      failures: 0,
      handed_by: null,
      expires_at: new Date(proof.expiresAtMs),
      created_at: new Date(proof.createdAtMs),
    })
    // A job that runs again finds the proof of its first run.
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/**
 * Stores a link that is handed over without a mail, so that its digest is known already. `by`: the person who hands it
 * over.
 */
export async function insertHandedReset(
  tx: AuditedTx,
  proof: MailedProof,
  digest: Buffer,
  by: string | null,
): Promise<void> {
  await query<PlatformTables>(tx)
    .insertInto('platform.mailed_proof')
    .values({
      id: proof.id,
      user_id: proof.userId,
      purpose: proof.purpose,
      email: proof.email,
      digest,
      failures: 0,
      handed_by: by,
      expires_at: new Date(proof.expiresAtMs),
      created_at: new Date(proof.createdAtMs),
    })
    .execute()
}

/** Deletes the links of a person who may not hand out links any more. */
export async function deleteHandedResetsBy(tx: AuditedTx, by: string): Promise<void> {
  await query<PlatformTables>(tx).deleteFrom('platform.mailed_proof').where('handed_by', '=', by).execute()
}

export async function findProof(tx: GateTx, id: string, nowMs: number): Promise<MailedProof | undefined> {
  const row = await open(tx, nowMs).where('id', '=', id).executeTakeFirst()
  return row && toProof(row)
}

export async function findProofByDigest(
  tx: GateTx,
  purposes: readonly ProofPurpose[],
  digest: Buffer,
  nowMs: number,
): Promise<MailedProof | undefined> {
  const row = await open(tx, nowMs)
    .where('purpose', 'in', purposes)
    .where('digest', '=', digest)
    .executeTakeFirst()
  return row && toProof(row)
}

export async function setProofDigest(tx: GateTx, id: string, digest: Buffer): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.mailed_proof')
    .set({ digest })
    .where('id', '=', id)
    .execute()
}

/**
 * Counts a wrong code against every open proof that it could have been meant for; one that was tried too often is
 * deleted.
 */
export async function countFailure(
  tx: GateTx,
  userId: string,
  purpose: ProofPurpose,
  attemptsMax: number,
): Promise<void> {
  await sql`
    UPDATE platform.mailed_proof SET failures = failures + 1
     WHERE user_id = ${userId} AND purpose = ${purpose}`.execute(query(tx))
  await query<PlatformTables>(tx)
    .deleteFrom('platform.mailed_proof')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('failures', '>=', attemptsMax)
    .execute()
}

/** Uses a proof; true for exactly one of any number of callers with the token. */
export async function takeProof(tx: AuditedTx, id: string, nowMs: number): Promise<boolean> {
  const { numDeletedRows } = await query<PlatformTables>(tx)
    .deleteFrom('platform.mailed_proof')
    .where('id', '=', id)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** Deletes a person's earlier proofs, except those in `kept`: a change of address or password invalidates them. */
export async function deleteProofs(
  tx: AuditedTx,
  userId: string,
  kept: readonly ProofPurpose[] = [],
): Promise<void> {
  let proofs = query<PlatformTables>(tx).deleteFrom('platform.mailed_proof').where('user_id', '=', userId)
  if (kept.length > 0) proofs = proofs.where('purpose', 'not in', kept)
  await proofs.execute()
}

export async function deleteProofsOf(tx: AuditedTx, userId: string, purpose: ProofPurpose): Promise<void> {
  await query<PlatformTables>(tx)
    .deleteFrom('platform.mailed_proof')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .execute()
}

function open(tx: GateTx, nowMs: number) {
  return query<PlatformTables>(tx)
    .selectFrom('platform.mailed_proof')
    .select(columns)
    .where('expires_at', '>', new Date(nowMs))
}

function toProof(row: Pick<MailedProofRow, (typeof columns)[number]>): MailedProof {
  return {
    id: row.id,
    userId: row.user_id,
    purpose: row.purpose,
    email: row.email,
    expiresAtMs: row.expires_at.getTime(),
    createdAtMs: row.created_at.getTime(),
  }
}
