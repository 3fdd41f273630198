import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { spanOf } from './span.ts'

export type ReadingKind = 'funding' | 'settled' | 'dvol'

/** A stored reading; the meaning of its figures depends on its kind. */
export type StoredReading = {
  readonly kind: ReadingKind
  readonly product: string
  readonly tsMs: number
  readonly figures: Readonly<Record<string, number>>
}

/**
 * Inserts new readings; existing ones are not changed. Returns whether the node still owns the feed; otherwise
 * nothing is written.
 */
export async function insertReadings(
  tx: WriterTx,
  feed: string,
  epoch: number,
  readings: readonly StoredReading[],
): Promise<boolean> {
  const { rows: owners } = await sql`
    SELECT 1 FROM volatility.feed WHERE venue = ${feed} AND epoch = ${epoch} FOR SHARE`.execute(query(tx))
  if (owners.length === 0) return false
  await sql`
    INSERT INTO volatility.reading (kind, product, at, figures)
    SELECT kind, product, at, figures
      FROM unnest(${readings.map(({ kind }) => kind)}::text[], ${readings.map(({ product }) => product)}::text[],
                  ${readings.map(({ tsMs }) => new Date(tsMs))}::timestamptz[],
                  ${readings.map(({ figures }) => JSON.stringify(figures))}::jsonb[])
        AS given (kind, product, at, figures)
        ON CONFLICT DO NOTHING`.execute(query(tx))
  return true
}

/** The newest readings of a product, newest first. */
export async function listReadings(
  tx: GateTx,
  kind: ReadingKind,
  product: string,
  limit: number,
): Promise<readonly StoredReading[]> {
  const { rows } = await sql<{ at: Date; figures: Readonly<Record<string, number>> }>`
    SELECT at, figures FROM volatility.reading
     WHERE kind = ${kind} AND product = ${product} ORDER BY at DESC LIMIT ${limit}`.execute(query(tx))
  return rows.map(({ at, figures }) => ({ kind, product, tsMs: at.getTime(), figures }))
}

/** The time of the newest reading of a kind, of any product; undefined if there is none. */
export async function findNewestMs(tx: GateTx, kind: ReadingKind): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date }>`
    SELECT at FROM volatility.reading WHERE kind = ${kind} ORDER BY at DESC LIMIT 1`.execute(query(tx))
  return rows[0]?.at.getTime()
}

/** The newest hourly bars of a market, oldest first. */
export async function listHours(
  tx: GateTx,
  marketId: number,
  limit: number,
): Promise<readonly { readonly openMs: number; readonly close: number }[]> {
  const { rows } = await sql<{ open_at: Date; close: number }>`
    SELECT open_at, close FROM volatility.long_bar
     WHERE market_id = ${marketId} AND span = ${spanOf('1h')} ORDER BY open_at DESC LIMIT ${limit}`.execute(
    query(tx),
  )
  return rows.map(({ open_at, close }) => ({ openMs: open_at.getTime(), close })).toReversed()
}
