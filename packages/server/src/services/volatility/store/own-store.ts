import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { subscriptionQueue } from './subscription-store.ts'

export type Allowlist = {
  /** The id of the first key in its chain of rotations. */
  readonly keyId: string
  readonly symbols: readonly string[]
  readonly ceiling: readonly string[]
}

/** The allowlist of a key, shared by its rotations; empty lists if there is none. */
export async function findAllowlist(tx: TenantTx, keyId: string): Promise<Allowlist> {
  const { rows } = await sql<{ id: string; symbols: string[] | null; ceiling: string[] | null }>`
    WITH RECURSIVE before AS (
      SELECT ${keyId}::text AS id, 0 AS step
      UNION ALL
      SELECT k.id, before.step + 1 FROM gatehouse.api_key k JOIN before ON k.replaced_by = before.id
       WHERE k.org_id = ${tx.orgId} AND before.step < 10000
    )
    SELECT before.id, a.symbols, a.ceiling FROM before
      LEFT JOIN volatility.key_allowlist a ON a.org_id = ${tx.orgId} AND a.key_id = before.id
     ORDER BY before.step DESC LIMIT 1`.execute(query(tx))
  const [row] = rows
  return { keyId: row?.id ?? keyId, symbols: row?.symbols ?? [], ceiling: row?.ceiling ?? [] }
}

/** Notifies every node when the transaction commits. */
export async function setAllowedSymbols(
  tx: AuditedTx,
  { keyId, presentedKeyId }: { readonly keyId: string; readonly presentedKeyId: string },
  symbols: readonly string[],
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO volatility.key_allowlist AS a (org_id, key_id, symbols, ceiling, updated_at)
    VALUES (${tx.orgId}, ${keyId}, ${[...symbols]}::text[], '{}', ${new Date(nowMs)})
    ON CONFLICT (org_id, key_id) DO UPDATE SET symbols = excluded.symbols, updated_at = excluded.updated_at`.execute(
    query(tx),
  )
  await sql`SELECT gatehouse.invalidate(${`key:${presentedKeyId}`})`.execute(query(tx))
}

/** The limit that a member sets for a key and its rotations; every node is notified when the transaction commits. */
export async function setCeiling(
  tx: AuditedTx,
  { keyId, presentedKeyId }: { readonly keyId: string; readonly presentedKeyId: string },
  ceiling: readonly string[],
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO volatility.key_allowlist AS a (org_id, key_id, symbols, ceiling, updated_at)
    VALUES (${tx.orgId}, ${keyId}, '{}', ${[...ceiling]}::text[], ${new Date(nowMs)})
    ON CONFLICT (org_id, key_id) DO UPDATE SET ceiling = excluded.ceiling, updated_at = excluded.updated_at`.execute(
    query(tx),
  )
  await sql`SELECT gatehouse.invalidate(${`key:${presentedKeyId}`})`.execute(query(tx))
}

/** Whether the organisation has an active key of this service with that id. */
export async function isLivingKey(tx: TenantTx, keyId: string, nowMs: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM gatehouse.api_key
     WHERE org_id = ${tx.orgId} AND id = ${keyId} AND service = 'volatility' AND revoked_at IS NULL
       AND replaced_by IS NULL AND (expires_at IS NULL OR expires_at > ${new Date(nowMs)})`.execute(query(tx))
  return rows.length > 0
}

/** Number of active keys of this service; a rotated key counts once. */
export async function countOwnKeys(tx: TenantTx, nowMs: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM gatehouse.api_key
     WHERE org_id = ${tx.orgId} AND service = 'volatility' AND revoked_at IS NULL AND replaced_by IS NULL
       AND (expires_at IS NULL OR expires_at > ${new Date(nowMs)})`.execute(query(tx))
  return rows[0]?.count ?? 0
}

export type Feedback = {
  readonly id: string
  readonly seq: number | null
  readonly symbol: string | null
  readonly timeframe: string | null
  readonly verdict: string
  readonly note: string | null
  readonly createdAtMs: number
}

/** A second feedback of the organisation on the same event replaces the first. */
export async function putFeedback(tx: AuditedTx, given: Feedback): Promise<void> {
  await sql`
    INSERT INTO volatility.feedback (org_id, id, seq, symbol, timeframe, verdict, note, created_at)
    VALUES (${tx.orgId}, ${given.id}, ${given.seq}, ${given.symbol}, ${given.timeframe}, ${given.verdict},
            ${given.note}, ${new Date(given.createdAtMs)})
    ON CONFLICT (org_id, seq) WHERE seq IS NOT NULL DO UPDATE
       SET id = excluded.id, symbol = excluded.symbol, timeframe = excluded.timeframe, verdict = excluded.verdict,
           note = excluded.note, created_at = excluded.created_at`.execute(query(tx))
}

/** By event number: the organisation's successful deliveries of the event, and its feedback. */
export async function listEventFacts(
  tx: TenantTx,
  events: readonly { readonly seq: number; readonly id: string }[],
): Promise<ReadonlyMap<number, { readonly deliveries: number; readonly feedback: string | null }>> {
  const { rows } = await sql<{ seq: string; deliveries: number; feedback: string | null }>`
    SELECT e.seq, f.verdict AS feedback,
           (SELECT count(*)::integer FROM gatehouse.delivery d
             WHERE d.org_id = ${tx.orgId} AND d.queue = ${subscriptionQueue} AND d.id = e.id AND d.state = 'delivered')
             AS deliveries
      FROM unnest(${events.map(({ seq }) => String(seq))}::bigint[], ${events.map(({ id }) => id)}::text[]) AS e (seq, id)
      LEFT JOIN volatility.feedback f ON f.org_id = ${tx.orgId} AND f.seq = e.seq`.execute(query(tx))
  return new Map(rows.map(({ seq, deliveries, feedback }) => [Number(seq), { deliveries, feedback }]))
}
