import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { StreamFilter, StreamReader } from '../domain/stream-filter.ts'

/** Prefix of the notification that a transaction with events sends when it commits; the event numbers follow. */
export const eventNews = 'volatility.events:'

/** A published event as stored: of all organisations, in commit order. */
export type StoredEvent = {
  readonly seq: number
  readonly orgId: string | null
  readonly type: string
  /** The flat object of specification 10. */
  readonly body: Readonly<Record<string, unknown>>
}

type EventRow = {
  readonly seq: string
  readonly org_id: string | null
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Events after `afterSeq` up to `toSeq`, oldest first. If a number is visible, all smaller ones are committed. */
export async function listEvents(
  tx: GateTx,
  { afterSeq, toSeq, limit }: { readonly afterSeq: number; readonly toSeq?: number; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql<EventRow>`
    SELECT seq, org_id, type, body FROM volatility.event
     WHERE seq > ${afterSeq} AND (${toSeq ?? null}::bigint IS NULL OR seq <= ${toSeq ?? null}::bigint)
     ORDER BY seq LIMIT ${limit}`.execute(query(tx))
  return rows.map(({ seq, org_id, type, body }) => ({ seq: Number(seq), orgId: org_id, type, body }))
}

export async function findNewestSeq(tx: GateTx): Promise<number> {
  const { rows } = await sql<{ seq: string }>`SELECT seq FROM volatility.event_head`.execute(query(tx))
  return Number(rows[0]?.seq ?? 0)
}

export type EventSpan = {
  /** The last assigned number. */
  readonly newestSeq: number
  /** The oldest event since that time; one more than the newest number if there is none. */
  readonly oldestSeq: number
  /** Whether events after `afterSeq` are older than that, or deleted. */
  readonly isCut: boolean
}

/** Which events since `sinceMs` can be replayed to a client that has those up to `afterSeq`. */
export async function readEventSpan(
  tx: GateTx,
  { sinceMs, afterSeq }: { readonly sinceMs: number; readonly afterSeq: number },
): Promise<EventSpan> {
  const { rows } = await sql<{ newest: string; oldest: string | null; is_cut: boolean }>`
    SELECT head.seq AS newest, kept.oldest,
           EXISTS (SELECT FROM volatility.event WHERE seq > ${afterSeq} AND created_at < ${new Date(sinceMs)})
             OR coalesce(${afterSeq} < (SELECT min(seq) FROM volatility.event) - 1, false) AS is_cut
      FROM volatility.event_head head,
           (SELECT min(seq) AS oldest FROM volatility.event WHERE created_at >= ${new Date(sinceMs)}) kept`.execute(
    query(tx),
  )
  const [row] = rows
  if (row === undefined) throw new Error('The head of the events is missing')
  const newestSeq = Number(row.newest)
  return {
    newestSeq,
    oldestSeq: row.oldest === null ? newestSeq + 1 : Number(row.oldest),
    isCut: row.is_cut,
  }
}

export type HeardSpan = {
  readonly afterSeq: number
  readonly toSeq: number
  readonly filter: StreamFilter
  readonly reader: StreamReader
}

/**
 * Of the events in a span that a reader receives, the newest one that is not among the last `count`; undefined if all
 * are.
 */
export async function findSeqBeyond(
  tx: GateTx,
  { afterSeq, toSeq, filter, reader }: HeardSpan,
  count: number,
): Promise<number | undefined> {
  const { types, symbols, timeframes, toRegimes, preset, method } = filter
  const list = (names: ReadonlySet<string> | null) => (names === null ? null : [...names])
  const { rows } = await sql<{ seq: string }>`
    SELECT seq FROM volatility.event
     WHERE seq > ${afterSeq} AND seq <= ${toSeq}
       AND (org_id IS NULL OR org_id = ${reader.orgId})
       AND type = ANY (${list(types)}::text[])
       AND (${list(reader.allowed)}::text[] IS NULL OR body ->> 'symbol' = ANY (${list(reader.allowed)}::text[]))
       AND (${list(symbols)}::text[] IS NULL OR body ->> 'symbol' = ANY (${list(symbols)}::text[]))
       AND (body ->> 'timeframe' IS NULL
            OR body ->> 'timeframe' = ANY (${list(timeframes)}::text[]) AND body ->> 'preset' = ${preset}
               AND (org_id IS NOT NULL OR body ->> 'method' = ${method}) AND body ->> 'to' = ANY (${list(toRegimes)}::text[]))
     ORDER BY seq DESC OFFSET ${count} LIMIT 1`.execute(query(tx))
  const [row] = rows
  return row === undefined ? undefined : Number(row.seq)
}

/**
 * Transitions that an organisation may see, newest first: of built-in presets, and of its own. No symbols means all.
 */
export async function listVisibleTransitions(
  tx: GateTx,
  asked: {
    readonly orgId: string
    readonly sinceMs: number
    /** A built-in preset; undefined means all. */
    readonly preset: string | undefined
    readonly symbols: readonly string[]
    readonly timeframe: string | undefined
    readonly to?: string | undefined
    readonly seq?: number
    readonly limit: number
  },
): Promise<readonly (StoredEvent & { readonly id: string })[]> {
  const { preset = null, timeframe = null, to = null, seq: only = null } = asked
  const { rows } = await sql<EventRow & { readonly id: string }>`
    SELECT seq, id, org_id, type, body FROM volatility.event
     WHERE type = 'regime.transition' AND created_at >= ${new Date(asked.sinceMs)}
       AND (org_id = ${asked.orgId} OR org_id IS NULL AND (${preset}::text IS NULL OR body ->> 'preset' = ${preset}::text))
       AND (${asked.symbols.length === 0} OR body ->> 'symbol' = ANY (${[...asked.symbols]}::text[]))
       AND (${timeframe}::text IS NULL OR body ->> 'timeframe' = ${timeframe}::text)
       AND (${to}::text IS NULL OR body ->> 'to' = ${to}::text)
       AND (${only}::bigint IS NULL OR seq = ${only}::bigint)
     ORDER BY seq DESC LIMIT ${asked.limit}`.execute(query(tx))
  return rows.map(({ seq, id, org_id, type, body }) => ({ seq: Number(seq), id, orgId: org_id, type, body }))
}
