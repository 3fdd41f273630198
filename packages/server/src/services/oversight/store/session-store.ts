import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import { insertRows } from './insert-rows.ts'
import type { OversightTables } from './tables.ts'

/** A name that identifies an interaction within its session; null: the session itself identifies it. */
export type InteractionName = {
  readonly sessionId: string
  readonly name: string | null
  readonly contentHash: string
  readonly interactionId: string
}

export type SessionOwner = { readonly operatorId: string; readonly domain: Domain }

export type Claimed = {
  /** The owner of each session that existed before; new sessions are absent. */
  readonly owners: ReadonlyMap<string, SessionOwner>
  /** Ids of sessions that existed before; in a new one no names exist yet. */
  readonly known: ReadonlySet<string>
  /** The interaction that a session itself identifies, by session id. */
  readonly items: ReadonlyMap<string, { readonly contentHash: string; readonly interactionId: string }>
}

/** Inserts new sessions and locks existing ones, so that a session cannot get two owners. Returns the owners. */
export async function claimSessions(
  tx: AuditedTx,
  owner: SessionOwner,
  sessionIds: readonly string[],
  nowMs: number,
): Promise<Claimed> {
  const ids = [...new Set(sessionIds)].toSorted()
  const { rows } = await sql<{
    session_id: string
    operator_id: string
    domain: Domain
    content_hash: string | null
    interaction_id: string | null
    is_new: boolean
  }>`
    INSERT INTO oversight.session AS s (org_id, session_id, operator_id, domain, received_at)
    SELECT ${tx.orgId}, id, ${owner.operatorId}, ${owner.domain}, ${new Date(nowMs)}
      FROM unnest(${ids}::text[]) AS id
    ON CONFLICT (org_id, session_id) DO UPDATE SET received_at = s.received_at
    -- Only a row that this very statement inserted has no deleter.
    RETURNING session_id, operator_id, domain, content_hash, interaction_id, xmax = 0 AS is_new`.execute(
    query(tx),
  )
  return {
    known: new Set(rows.flatMap((row) => (row.is_new ? [] : [row.session_id]))),
    owners: new Map(rows.map((row) => [row.session_id, { operatorId: row.operator_id, domain: row.domain }])),
    items: new Map(
      rows.flatMap(({ session_id: id, content_hash: contentHash, interaction_id: interactionId }) =>
        contentHash === null || interactionId === null ? [] : [[id, { contentHash, interactionId }] as const],
      ),
    ),
  }
}

/** An existing session: its owner, and the content hash of the interaction that it identifies. */
export type ImportSession = SessionOwner & { readonly contentHash: string | null }

export type WantedSession = SessionOwner & Omit<InteractionName, 'name'>

/**
 * Like `claimSessions` for sessions of several owners. Returns those that existed before. A new one belongs to the first
 * who wants it, and identifies their interaction.
 */
export async function claimImportSessions(
  tx: AuditedTx,
  wanted: readonly WantedSession[],
  nowMs: number,
): Promise<ReadonlyMap<string, ImportSession>> {
  const firsts = new Map<string, WantedSession>()
  for (const one of wanted) if (!firsts.has(one.sessionId)) firsts.set(one.sessionId, one)
  const inOrder = [...firsts.values()].toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
  const { rows } = await sql<ImportSessionRow & { readonly is_new: boolean }>`
    INSERT INTO oversight.session AS s
           (org_id, session_id, operator_id, domain, content_hash, interaction_id, received_at)
    SELECT ${tx.orgId}::uuid, session_id, operator_id, domain, content_hash, interaction_id,
           ${new Date(nowMs)}::timestamptz
      FROM unnest(${inOrder.map(({ sessionId }) => sessionId)}::text[],
                  ${inOrder.map(({ operatorId }) => operatorId)}::text[],
                  ${inOrder.map(({ domain }) => domain)}::text[],
                  ${inOrder.map(({ contentHash }) => contentHash)}::text[],
                  ${inOrder.map(({ interactionId }) => interactionId)}::text[]
           ) AS wanted (session_id, operator_id, domain, content_hash, interaction_id)
    ON CONFLICT (org_id, session_id) DO UPDATE SET received_at = s.received_at
    RETURNING session_id, operator_id, domain, content_hash, xmax = 0 AS is_new`.execute(query(tx))
  return toImportSessions(rows.filter((row) => !row.is_new))
}

/** The same for existing sessions only, without inserting any. */
export async function findImportSessions(
  tx: TenantTx,
  wanted: readonly Pick<WantedSession, 'sessionId'>[],
): Promise<ReadonlyMap<string, ImportSession>> {
  if (wanted.length === 0) return new Map()
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.session')
    .select(['session_id', 'operator_id', 'domain', 'content_hash'])
    .where('org_id', '=', tx.orgId)
    .where('session_id', 'in', [...new Set(wanted.map(({ sessionId }) => sessionId))])
    .execute()
  return toImportSessions(rows)
}

type ImportSessionRow = {
  readonly session_id: string
  readonly operator_id: string
  readonly domain: Domain
  readonly content_hash: string | null
}

function toImportSessions(rows: readonly ImportSessionRow[]): ReadonlyMap<string, ImportSession> {
  return new Map(
    rows.map((row) => [
      row.session_id,
      { operatorId: row.operator_id, domain: row.domain, contentHash: row.content_hash },
    ]),
  )
}

/** What these names identify already, by `session` + NUL + `name`. */
export async function findNames(
  tx: TenantTx,
  names: readonly { readonly sessionId: string; readonly name: string }[],
): Promise<ReadonlyMap<string, { readonly contentHash: string; readonly interactionId: string }>> {
  if (names.length === 0) return new Map()
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.session_key')
    .select(['session_id', 'name', 'content_hash', 'interaction_id'])
    .where('org_id', '=', tx.orgId)
    .where(sql<boolean>`session_id = ANY (${[...new Set(names.map(({ sessionId }) => sessionId))]}::text[])`)
    .where(sql<boolean>`name = ANY (${[...new Set(names.map(({ name }) => name))]}::text[])`)
    .execute()
  return new Map(
    rows.map((row) => [
      nameKey(row.session_id, row.name),
      { contentHash: row.content_hash, interactionId: row.interaction_id },
    ]),
  )
}

export function nameKey(sessionId: string, name: string): string {
  return `${sessionId}\0${name}`
}

export async function insertNames(
  tx: AuditedTx,
  names: readonly InteractionName[],
  nowMs: number,
): Promise<void> {
  const keyed = names.flatMap(({ name, ...rest }) => (name === null ? [] : [{ ...rest, name }]))
  const bySession = names.filter(({ name }) => name === null)
  await insertRows(
    tx,
    'oversight.session_key',
    {
      session_id: 'text',
      name: 'text',
      content_hash: 'text',
      interaction_id: 'text',
      received_at: 'timestamptz',
    },
    keyed.map(({ sessionId, name, contentHash, interactionId }) => ({
      session_id: sessionId,
      name,
      content_hash: contentHash,
      interaction_id: interactionId,
      received_at: new Date(nowMs),
    })),
  )
  if (bySession.length > 0)
    // Every session exists already, so nothing is inserted: the conflict finds each row by its key, whereas an update
    // with a join may read all sessions of the organisation for every thousand lines of an import.
    await sql`
      INSERT INTO oversight.session (org_id, session_id, operator_id, domain, received_at, content_hash, interaction_id)
      SELECT ${tx.orgId}::uuid, session_id, '', '', ${new Date(nowMs)}, hash, id
        FROM unnest(${bySession.map(({ sessionId }) => sessionId)}::text[],
                    ${bySession.map(({ contentHash }) => contentHash)}::text[],
                    ${bySession.map(({ interactionId }) => interactionId)}::text[]) AS item (session_id, hash, id)
      ON CONFLICT (org_id, session_id) DO UPDATE
        SET content_hash = excluded.content_hash, interaction_id = excluded.interaction_id`.execute(query(tx))
}
