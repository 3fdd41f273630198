import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Arrival } from '../domain/judge-claims.ts'
import type { PlatformTables } from './platform-tables.ts'
import { toSettings, type StoredSettings } from './sso-settings-store.ts'
import type { SsoTables } from './sso-tables.ts'

export type ConnectionRow = StoredSettings & {
  /** Only proven domains. */
  readonly domains: readonly string[]
}

/** The connection of an org; undefined when it has no settings, or is suspended. */
export async function findConnectionRow(tx: GateTx, orgId: string): Promise<ConnectionRow | undefined> {
  const db = query<SsoTables & PlatformTables>(tx)
  const row = await db
    .selectFrom('platform.sso_connection as c')
    .innerJoin('gatehouse.org as o', 'o.org_id', 'c.org_id')
    .selectAll('c')
    .where('c.org_id', '=', orgId)
    .where('o.suspended_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const domains = await db
    .selectFrom('platform.sso_domain')
    .select('domain')
    .where('org_id', '=', orgId)
    .where('proven_at', 'is not', null)
    .execute()
  return { ...toSettings(row), domains: domains.map(({ domain }) => domain) }
}

export type Flow = {
  readonly orgId: string
  readonly issuer: string
  /** Set when the flow is a fresh proof for an existing session. */
  readonly proves: {
    readonly sessionId: string
    readonly userId: string
    readonly ticketDigest: Buffer
  } | null
  readonly expiresAtMs: number
}

export async function insertFlow(tx: GateTx, digest: Buffer, flow: Flow): Promise<void> {
  await query<SsoTables>(tx)
    .insertInto('platform.sso_flow')
    .values({
      digest,
      for_org: flow.orgId,
      issuer: flow.issuer,
      session_id: flow.proves?.sessionId ?? null,
      user_id: flow.proves?.userId ?? null,
      ticket_digest: flow.proves?.ticketDigest ?? null,
      expires_at: new Date(flow.expiresAtMs),
    })
    .execute()
}

/** Uses a flow: exactly one of any number of concurrent callers gets it. */
export async function takeFlow(tx: GateTx, digest: Buffer, nowMs: number): Promise<Flow | undefined> {
  const row = await query<SsoTables>(tx)
    .deleteFrom('platform.sso_flow')
    .where('digest', '=', digest)
    .where('expires_at', '>', new Date(nowMs))
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { session_id: sessionId, user_id: userId, ticket_digest: ticketDigest } = row
  const proves =
    sessionId === null || userId === null || ticketDigest === null
      ? null
      : { sessionId, userId, ticketDigest }
  return { orgId: row.for_org, issuer: row.issuer, proves, expiresAtMs: row.expires_at.getTime() }
}

type Subject = Pick<Arrival, 'orgId' | 'issuer' | 'subject'>

/** The person with this subject of the issuer in this org. */
export async function findIdentity(
  tx: GateTx | TenantTx,
  { orgId, issuer, subject }: Subject,
): Promise<string | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_identity')
    .select('user_id')
    .where('org_id', '=', orgId)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.user_id
}

/** The issuer's subject of this person in this org. */
export async function findSubject(
  tx: GateTx | TenantTx,
  { orgId, issuer }: Pick<Arrival, 'orgId' | 'issuer'>,
  userId: string,
): Promise<string | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_identity')
    .select('subject')
    .where('org_id', '=', orgId)
    .where('issuer', '=', issuer)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.subject
}

export async function setIdentity(
  tx: AuditedTx,
  { issuer, subject }: Pick<Arrival, 'issuer' | 'subject'>,
  userId: string,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs)
  await query<SsoTables>(tx)
    .insertInto('platform.sso_identity')
    .values({ org_id: tx.orgId, issuer, subject, user_id: userId, created_at: now, last_used_at: now })
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'issuer', 'subject']).doUpdateSet({ last_used_at: now }),
    )
    .execute()
}

export async function insertSsoSession(
  tx: AuditedTx,
  { issuer, subject, sid }: Pick<Arrival, 'issuer' | 'subject' | 'sid'>,
  session: { readonly id: string; readonly userId: string },
): Promise<void> {
  await query<SsoTables>(tx)
    .insertInto('platform.sso_session')
    .values({ org_id: tx.orgId, session_id: session.id, user_id: session.userId, issuer, subject, sid })
    .execute()
}

export type SsoSession = {
  readonly sessionId: string
  readonly userId: string
  readonly issuer: string
  readonly subject: string
}

export async function findSsoSession(tx: TenantTx, sessionId: string): Promise<SsoSession | undefined> {
  const row = await query<SsoTables>(tx)
    .selectFrom('platform.sso_session')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst()
  return row && { sessionId, userId: row.user_id, issuer: row.issuer, subject: row.subject }
}

/** The sessions that an issuer opened for one of its people, or within one of its own sessions. */
export async function listSsoSessions(
  tx: TenantTx,
  issuer: string,
  whom: { readonly subject: string | null; readonly sid: string | null },
): Promise<readonly SsoSession[]> {
  let rows = query<SsoTables>(tx)
    .selectFrom('platform.sso_session')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('issuer', '=', issuer)
  if (whom.subject !== null) rows = rows.where('subject', '=', whom.subject)
  if (whom.sid !== null) rows = rows.where('sid', '=', whom.sid)
  const found = await rows.execute()
  return found.map((row) => ({
    sessionId: row.session_id,
    userId: row.user_id,
    issuer: row.issuer,
    subject: row.subject,
  }))
}

/** Stores an arrival that an issuer vouched for, until the person has proven that an existing account is theirs. */
export async function insertLink(
  tx: GateTx,
  digest: Buffer,
  userId: string,
  arrival: Arrival,
  expiresAtMs: number,
): Promise<void> {
  await sql`
    INSERT INTO platform.sso_link (token_digest, user_id, for_org, arrival, expires_at)
    VALUES (${digest}, ${userId}, ${arrival.orgId}, ${JSON.stringify(arrival)}::jsonb, ${new Date(expiresAtMs)})
  `.execute(query(tx))
}

/** Uses one of the allowed tries before anything is compared, so that concurrent tries count too. */
export async function takeLinkTry(
  tx: GateTx,
  digest: Buffer,
  triesMax: number,
  nowMs: number,
): Promise<{ readonly userId: string; readonly arrival: Arrival } | undefined> {
  const { rows } = await sql<{ user_id: string; arrival: Arrival }>`
    UPDATE platform.sso_link SET tries = tries + 1
     WHERE token_digest = ${digest} AND expires_at > ${new Date(nowMs)} AND tries < ${triesMax}
    RETURNING user_id, arrival`.execute(query(tx))
  return rows[0] && { userId: rows[0].user_id, arrival: rows[0].arrival }
}

/** True for exactly one of any number of concurrent callers. */
export async function deleteLink(tx: GateTx, digest: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    DELETE FROM platform.sso_link WHERE token_digest = ${digest}`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Deletes the pending log-ins of people whom the issuer no longer vouches for: they have to start again. */
export async function deleteArrivals(
  tx: GateTx,
  { orgId, issuer }: Pick<Arrival, 'orgId' | 'issuer'>,
  { subject, sid }: { readonly subject: string | null; readonly sid: string | null },
): Promise<void> {
  for (const table of ['platform.sso_link', 'platform.half_log_in'])
    await sql`
      DELETE FROM ${sql.table(table)}
       WHERE for_org = ${orgId} AND arrival ->> 'issuer' = ${issuer}
         AND (${subject}::text IS NULL OR arrival ->> 'subject' = ${subject})
         AND (${sid}::text IS NULL OR arrival ->> 'sid' = ${sid})`.execute(query(tx))
}

export async function insertProof(
  tx: GateTx,
  { sessionId, userId, ticketDigest }: NonNullable<Flow['proves']>,
  expiresAtMs: number,
): Promise<void> {
  await query<SsoTables>(tx)
    .insertInto('platform.sso_proof')
    .values({
      ticket_digest: ticketDigest,
      session_id: sessionId,
      user_id: userId,
      expires_at: new Date(expiresAtMs),
    })
    .execute()
}

/** True for exactly one of any number of concurrent callers. */
export async function takeProof(
  tx: GateTx,
  ticketDigest: Buffer,
  { sessionId, userId }: { readonly sessionId: string; readonly userId: string },
  nowMs: number,
): Promise<boolean> {
  const { numDeletedRows } = await query<SsoTables>(tx)
    .deleteFrom('platform.sso_proof')
    .where('ticket_digest', '=', ticketDigest)
    .where('session_id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** The orgs whose settings name this issuer. */
export async function listOrgsOfIssuer(tx: GateTx, issuer: string): Promise<readonly string[]> {
  const rows = await query<SsoTables>(tx)
    .selectFrom('platform.sso_connection')
    .select('org_id')
    .where('issuer', '=', issuer)
    .execute()
  return rows.map(({ org_id: orgId }) => orgId)
}

/** Stores a logout token as used; false when it was used before. */
export async function insertLogoutToken(
  tx: AuditedTx,
  digest: Buffer,
  expiresAtMs: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<SsoTables>(tx)
    .insertInto('platform.sso_logout_token')
    .values({ for_org: tx.orgId, digest, expires_at: new Date(expiresAtMs) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}
