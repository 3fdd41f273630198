import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Arrival } from '../domain/judge-claims.ts'
import type { ChallengePurpose, FactorTables, ProofKind } from './factor-tables.ts'

export type ChallengePlace = {
  readonly purpose: ChallengePurpose
  readonly boundTo: string
  readonly userId: string
}

/** Stores a challenge; replaces one that is still open. */
export async function setChallenge(
  tx: GateTx,
  { purpose, boundTo, userId }: ChallengePlace,
  challenge: string,
  expiresAtMs: number,
): Promise<void> {
  const row = { user_id: userId, challenge, expires_at: new Date(expiresAtMs) }
  await query<FactorTables>(tx)
    .insertInto('platform.passkey_challenge')
    .values({ purpose, bound_to: boundTo, ...row })
    .onConflict((conflict) => conflict.columns(['purpose', 'bound_to']).doUpdateSet(row))
    .execute()
}

/** Uses a challenge: exactly one of any number of concurrent callers gets it. */
export async function takeChallenge(
  tx: GateTx,
  { purpose, boundTo, userId }: ChallengePlace,
  nowMs: number,
): Promise<string | undefined> {
  const row = await query<FactorTables>(tx)
    .deleteFrom('platform.passkey_challenge')
    .where('purpose', '=', purpose)
    .where('bound_to', '=', boundTo)
    .where('user_id', '=', userId)
    .where('expires_at', '>', new Date(nowMs))
    .returning('challenge')
    .executeTakeFirst()
  return row?.challenge
}

export type HalfLogIn = {
  readonly userId: string
  readonly orgId: string
  /** The person whom an issuer vouched for; null when the log-in began with a correct password. */
  readonly arrival: Arrival | null
}

type HalfRow = { readonly user_id: string; readonly for_org: string; readonly arrival: Arrival | null }

function toHalfLogIn({ user_id: userId, for_org: orgId, arrival }: HalfRow): HalfLogIn {
  return { userId, orgId, arrival }
}

export async function insertHalfLogIn(
  tx: GateTx,
  digest: Buffer,
  { userId, orgId, arrival }: HalfLogIn,
  expiresAtMs: number,
): Promise<void> {
  await sql`
    INSERT INTO platform.half_log_in (token_digest, user_id, for_org, password_hash, arrival, expires_at)
    SELECT ${digest}, id, ${orgId}, password_hash, ${arrival === null ? null : JSON.stringify(arrival)}::jsonb, ${new Date(expiresAtMs)}
      FROM platform."user" WHERE id = ${userId}`.execute(query(tx))
}

/** Finds a half log-in whose token is valid and whose person has not changed the password since. */
export async function findHalfLogIn(
  tx: GateTx,
  digest: Buffer,
  triesMax: number,
  nowMs: number,
): Promise<HalfLogIn | undefined> {
  const { rows } = await sql<HalfRow>`
    SELECT h.user_id, h.for_org, h.arrival FROM platform.half_log_in h JOIN platform."user" u ON u.id = h.user_id
     WHERE h.token_digest = ${digest} AND h.expires_at > ${new Date(nowMs)} AND h.tries < ${triesMax}
       AND h.password_hash = u.password_hash`.execute(query(tx))
  return rows[0] && toHalfLogIn(rows[0])
}

/** Uses one of the allowed tries before anything is compared, so that concurrent tries count too. */
export async function takeTry(
  tx: GateTx,
  digest: Buffer,
  triesMax: number,
  nowMs: number,
): Promise<HalfLogIn | undefined> {
  const { rows } = await sql<HalfRow>`
    UPDATE platform.half_log_in h SET tries = tries + 1 FROM platform."user" u
     WHERE u.id = h.user_id AND h.password_hash = u.password_hash AND h.token_digest = ${digest}
       AND h.expires_at > ${new Date(nowMs)} AND h.tries < ${triesMax}
    RETURNING h.user_id, h.for_org, h.arrival`.execute(query(tx))
  return rows[0] && toHalfLogIn(rows[0])
}

/** True for exactly one of any number of concurrent callers. */
export async function deleteHalfLogIn(tx: GateTx, digest: Buffer): Promise<boolean> {
  const { numDeletedRows } = await query<FactorTables>(tx)
    .deleteFrom('platform.half_log_in')
    .where('token_digest', '=', digest)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** Ends a person's half log-ins when a factor changes. */
export async function deleteHalfLogInsOf(tx: AuditedTx, userId: string): Promise<void> {
  await query<FactorTables>(tx).deleteFrom('platform.half_log_in').where('user_id', '=', userId).execute()
}

/**
 * Counts a proof as failed before it is verified, in one statement, so that concurrent guesses cannot outrun the lock.
 * Returns the number including this one, or undefined while `failuresMax` failures lock further ones out.
 */
export async function chargeProof(
  tx: GateTx,
  userId: string,
  purpose: ProofKind,
  failuresMax: number,
  lockMs: number,
  nowMs: number,
): Promise<number | undefined> {
  const now = new Date(nowMs)
  const forgottenAt = new Date(nowMs - lockMs)
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO platform.proof_failure AS f (user_id, purpose, failures, failed_at)
    VALUES (${userId}, ${purpose}, 1, ${now})
    ON CONFLICT (user_id, purpose) DO UPDATE
       SET failures = CASE WHEN f.failed_at <= ${forgottenAt} THEN 1 ELSE f.failures + 1 END, failed_at = ${now}
     WHERE f.failed_at <= ${forgottenAt} OR f.failures < ${failuresMax}
    RETURNING f.failures`.execute(query(tx))
  return rows[0]?.failures
}

export async function clearProofFailures(tx: GateTx, userId: string, purpose: ProofKind): Promise<void> {
  await query<FactorTables>(tx)
    .deleteFrom('platform.proof_failure')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .execute()
}

/** False when a code was requested so recently that another one would only fill the mailbox. */
export async function askSudoCode(
  tx: AuditedTx,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
  notAgainMs: number,
  expiresAtMs: number,
  nowMs: number,
): Promise<boolean> {
  const { rows } = await sql<{ session_id: string }>`
    INSERT INTO platform.sudo_code AS c (session_id, user_id, digest, asked_at, expires_at)
    VALUES (${sessionId}, ${userId}, NULL, ${new Date(nowMs)}, ${new Date(expiresAtMs)})
    ON CONFLICT (session_id) DO UPDATE
       SET digest = NULL, asked_at = excluded.asked_at, expires_at = excluded.expires_at
     WHERE c.asked_at <= ${new Date(nowMs - notAgainMs)}
    RETURNING c.session_id`.execute(query(tx))
  return rows.length === 1
}

/** False when the code that the job was to mail has expired. */
export async function setSudoCode(
  tx: GateTx,
  sessionId: string,
  digest: Buffer,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await query<FactorTables>(tx)
    .updateTable('platform.sudo_code')
    .set({ digest })
    .where('session_id', '=', sessionId)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** True for exactly one of any number of concurrent callers. */
export async function takeSudoCode(
  tx: GateTx,
  sessionId: string,
  digest: Buffer,
  nowMs: number,
): Promise<boolean> {
  const { numDeletedRows } = await query<FactorTables>(tx)
    .deleteFrom('platform.sudo_code')
    .where('session_id', '=', sessionId)
    .where('digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}
