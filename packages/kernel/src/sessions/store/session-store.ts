import type { AuditedTx } from '../../audit/index.ts'
import { type GateTx, query, type WritingTx } from '../../db/index.ts'
import { sql } from 'kysely'

type SessionTables = {
  'gatehouse.session': {
    id: string
    user_id: string
    active_org: string
    user_agent: string | null
    ip: string
    created_at: Date
    last_used_at: Date
    expires_at: Date
    ended_at: Date | null
    ended_because: string | null
    confined_to: string | null
  }
  'gatehouse.refresh_token': {
    digest: Buffer
    session_id: string
    issued_at: Date
    expires_at: Date
    used_at: Date | null
  }
}

export type Session = {
  readonly id: string
  readonly userId: string
  readonly activeOrg: string
  readonly userAgent: string | null
  readonly ip: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number
  /**
   * The only org in which the session is valid, because that org's issuer vouched for it; null when it is valid in
   * every org of its person.
   */
  readonly confinedTo: string | null
}

export async function insertSession(
  tx: GateTx | AuditedTx,
  session: Session,
  expiresAtMs: number,
): Promise<void> {
  await query<SessionTables>(tx)
    .insertInto('gatehouse.session')
    .values({
      id: session.id,
      user_id: session.userId,
      active_org: session.activeOrg,
      user_agent: session.userAgent,
      ip: session.ip,
      created_at: new Date(session.createdAtMs),
      last_used_at: new Date(session.lastUsedAtMs),
      expires_at: new Date(expiresAtMs),
      ended_at: null,
      ended_because: null,
      confined_to: session.confinedTo,
    })
    .execute()
}

export async function insertRefreshToken(
  tx: GateTx | AuditedTx,
  token: {
    readonly digest: Buffer
    readonly sessionId: string
    readonly issuedAtMs: number
    readonly expiresAtMs: number
  },
): Promise<void> {
  await query<SessionTables>(tx)
    .insertInto('gatehouse.refresh_token')
    .values({
      digest: token.digest,
      session_id: token.sessionId,
      issued_at: new Date(token.issuedAtMs),
      expires_at: new Date(token.expiresAtMs),
      used_at: null,
    })
    .execute()
}

/**
 * Marks a token as used and stores its successor, in one statement: of any number of concurrent callers exactly one
 * gets the session, and the others get nothing (S3, S4).
 */
export async function exchangeToken(
  tx: GateTx,
  used: Buffer,
  successor: Buffer,
  nowMs: number,
  expiresAtMs: number,
): Promise<Session | undefined> {
  const now = new Date(nowMs)
  const expires = new Date(expiresAtMs)
  const { rows } = await sql<SessionTables['gatehouse.session']>`
    WITH taken AS (
      UPDATE gatehouse.refresh_token t SET used_at = ${now}
        FROM gatehouse.session s
       WHERE t.digest = ${used} AND t.used_at IS NULL AND t.expires_at > ${now}
         AND s.id = t.session_id AND s.ended_at IS NULL
      RETURNING t.session_id
    ), given AS (
      INSERT INTO gatehouse.refresh_token (digest, session_id, issued_at, expires_at)
      SELECT ${successor}, session_id, ${now}, ${expires} FROM taken
    )
    UPDATE gatehouse.session s SET last_used_at = ${now}, expires_at = ${expires}
      FROM taken WHERE s.id = taken.session_id
    RETURNING s.*`.execute(query(tx))
  return rows[0] && toSession(rows[0])
}

export type SpentToken = {
  readonly sessionId: string
  readonly userId: string
  readonly activeOrg: string
  readonly usedAtMs: number | null
  readonly expiresAtMs: number
  readonly isSessionEnded: boolean
}

/** When the earliest of the last `max` tokens of a session was issued; undefined when there are fewer. */
export async function findEarliestOfLast(
  tx: GateTx,
  digest: Buffer,
  max: number,
): Promise<number | undefined> {
  const { rows } = await sql<{ issued_at: Date }>`
    SELECT issued_at FROM gatehouse.refresh_token
     WHERE session_id = (SELECT session_id FROM gatehouse.refresh_token WHERE digest = ${digest} AND used_at IS NULL)
     ORDER BY issued_at DESC OFFSET ${max - 1} LIMIT 1`.execute(query(tx))
  return rows[0]?.issued_at.getTime()
}

/** The state of a token that could not be exchanged. */
export async function findToken(tx: GateTx, digest: Buffer): Promise<SpentToken | undefined> {
  const row = await query<SessionTables>(tx)
    .selectFrom('gatehouse.refresh_token as t')
    .innerJoin('gatehouse.session as s', 's.id', 't.session_id')
    .select(['t.session_id', 's.user_id', 's.active_org', 't.used_at', 't.expires_at', 's.ended_at'])
    .where('t.digest', '=', digest)
    .executeTakeFirst()
  return (
    row && {
      sessionId: row.session_id,
      userId: row.user_id,
      activeOrg: row.active_org,
      usedAtMs: row.used_at?.getTime() ?? null,
      expiresAtMs: row.expires_at.getTime(),
      isSessionEnded: row.ended_at !== null,
    }
  )
}

/** Ends one session; false when it does not belong to the person, or has ended. Nodes are notified at the commit. */
export async function endSession(
  tx: GateTx | AuditedTx,
  userId: string,
  sessionId: string,
  because: string,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await query<SessionTables>(tx)
    .updateTable('gatehouse.session')
    .set({ ended_at: new Date(nowMs), ended_because: because })
    .where('id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await invalidate(tx, `session:${sessionId}`)
  return true
}

/** Ends every session of a person, and refuses every access token issued until now (S5). */
export async function endAllSessions(
  tx: GateTx | AuditedTx,
  userId: string,
  because: string,
  nowMs: number,
): Promise<void> {
  await query<SessionTables>(tx)
    .updateTable('gatehouse.session')
    .set({ ended_at: new Date(nowMs), ended_because: because })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .execute()
  await invalidate(tx, `user:${userId}`)
}

/** Ends every session of a person except one, in which the person has just proven their identity (S5). */
export async function endOtherSessions(
  tx: GateTx | AuditedTx,
  userId: string,
  keptId: string,
  because: string,
  nowMs: number,
): Promise<void> {
  await query<SessionTables>(tx)
    .updateTable('gatehouse.session')
    .set({ ended_at: new Date(nowMs), ended_because: because })
    .where('user_id', '=', userId)
    .where('id', '<>', keptId)
    .where('ended_at', 'is', null)
    .execute()
  await invalidate(tx, `user:${userId}`)
}

/** Ends every session that is confined to the transaction's org. */
export async function endSessionsConfinedTo(tx: AuditedTx, because: string, nowMs: number): Promise<void> {
  await query<SessionTables>(tx)
    .updateTable('gatehouse.session')
    .set({ ended_at: new Date(nowMs), ended_because: because })
    .where('confined_to', '=', tx.orgId)
    .where('ended_at', 'is', null)
    .execute()
  await invalidate(tx, `org:${tx.orgId}`)
}

/** Refuses every access token that the person has for this org; the next refresh brings one with the present role. */
export async function refuseTokensOfOrg(tx: AuditedTx, userId: string, nowMs: number): Promise<void> {
  await sql`
    INSERT INTO gatehouse.token_not_before (user_id, for_org, not_before)
    VALUES (${userId}, ${tx.orgId}, ${new Date(nowMs)})
    ON CONFLICT (user_id, for_org) DO UPDATE SET not_before = excluded.not_before`.execute(query(tx))
  await invalidate(tx, `user:${userId}`)
}

export async function listSessions(tx: GateTx, userId: string, nowMs: number): Promise<Session[]> {
  const rows = await query<SessionTables>(tx)
    .selectFrom('gatehouse.session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', new Date(nowMs))
    .orderBy('id')
    .execute()
  return rows.map(toSession)
}

export async function setActiveOrg(tx: GateTx, sessionId: string, orgId: string): Promise<void> {
  await query<SessionTables>(tx)
    .updateTable('gatehouse.session')
    .set({ active_org: orgId })
    .where('id', '=', sessionId)
    .execute()
}

/** Deletes the sessions of a deleted person, with their addresses and user agents; nodes are notified at the commit. */
export async function deleteSessionsOfPerson(tx: GateTx, userId: string): Promise<void> {
  await query<SessionTables>(tx).deleteFrom('gatehouse.session').where('user_id', '=', userId).execute()
  await sql`DELETE FROM gatehouse.token_not_before WHERE user_id = ${userId}`.execute(query(tx))
  await invalidate(tx, `user:${userId}`)
}

export type LiveSession = { readonly notBeforeMs: number; readonly confinedTo: string | null }

/** The time before which tokens of the session are refused in this org; undefined when the session has ended. */
export async function findLive(
  tx: GateTx,
  sessionId: string,
  userId: string,
  orgId: string,
): Promise<LiveSession | undefined> {
  const { rows } = await sql<{ not_before: Date | null; confined_to: string | null }>`
    SELECT s.confined_to, (SELECT max(n.not_before) FROM gatehouse.token_not_before n
             WHERE n.user_id = s.user_id AND n.for_org = ${orgId}::uuid) AS not_before
      FROM gatehouse.session s
     WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.ended_at IS NULL`.execute(query(tx))
  return (
    rows[0] && {
      notBeforeMs: rows[0].not_before?.getTime() ?? 0,
      confinedTo: rows[0].confined_to,
    }
  )
}

async function invalidate(tx: WritingTx, subject: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${subject})`.execute(query(tx))
}

function toSession(row: SessionTables['gatehouse.session']): Session {
  return {
    id: row.id,
    userId: row.user_id,
    activeOrg: row.active_org,
    userAgent: row.user_agent,
    ip: row.ip,
    createdAtMs: row.created_at.getTime(),
    lastUsedAtMs: row.last_used_at.getTime(),
    confinedTo: row.confined_to,
  }
}
