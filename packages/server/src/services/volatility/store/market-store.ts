import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { SymbolKind } from '../domain/symbols.ts'
import type { MarketStatus, VolatilityTables } from './tables.ts'

export type StoredMarket = {
  readonly marketId: number
  readonly venue: string
  readonly symbol: string
  readonly kind: SymbolKind
  readonly product: string
  /** Whether it is the primary market, whose series is the symbol's own. */
  readonly isPrimary: boolean
  readonly status: MarketStatus
  /** Since when the market has been stale; null if it is not. */
  readonly staleSinceMs: number | null
}

export async function listMarkets(tx: GateTx): Promise<readonly StoredMarket[]> {
  const rows = await query<VolatilityTables>(tx)
    .selectFrom('volatility.market')
    .select(['market_id', 'venue', 'symbol', 'kind', 'product', 'is_primary', 'status', 'stale_since_ms'])
    .orderBy('market_id')
    .execute()
  return rows.map(({ market_id, is_primary, stale_since_ms: stale, ...row }) => ({
    marketId: market_id,
    isPrimary: is_primary,
    staleSinceMs: stale === null ? null : Number(stale),
    ...row,
  }))
}

type Listed = { readonly symbol: string; readonly status: 'listed' | 'not_listed' | 'unverified' }

/**
 * Stores a venue's listing as its feed's owner received it; products that the venue did not mention keep their
 * status.
 */
export async function setListed(
  tx: WriterTx,
  venue: string,
  epoch: number,
  heard: readonly Listed[],
): Promise<void> {
  const known = heard.filter(({ status }) => status !== 'unverified')
  await sql`
    UPDATE volatility.market m SET status = given.status
      FROM unnest(${known.map(({ symbol }) => symbol)}::text[], ${known.map(({ status }) => status)}::text[])
        AS given (symbol, status)
     WHERE m.venue = ${venue} AND m.symbol = given.symbol AND m.status <> given.status
       AND EXISTS (SELECT FROM volatility.feed WHERE venue = ${venue} AND epoch = ${epoch})`.execute(
    query(tx),
  )
}

/**
 * Markets that are no longer carried keep their history; if they are carried again, the venue's listing is checked
 * again.
 */
export async function retireMarkets(
  tx: WriterTx,
  carried: readonly { readonly venue: string; readonly symbol: string }[],
): Promise<void> {
  await sql`
    UPDATE volatility.market m
       SET status = CASE WHEN given.venue IS NULL THEN 'retired' ELSE 'unverified' END
      FROM volatility.market own
      LEFT JOIN unnest(${carried.map(({ venue }) => venue)}::text[], ${carried.map(({ symbol }) => symbol)}::text[])
        AS given (venue, symbol) ON given.venue = own.venue AND given.symbol = own.symbol
     WHERE m.market_id = own.market_id AND (given.venue IS NULL) <> (m.status = 'retired')`.execute(query(tx))
}

/** Marks a market as stale or fresh; false if it was marked already. */
export async function setStale(tx: WriterTx, marketId: number, sinceMs: number | null): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE volatility.market SET stale_since_ms = ${sinceMs}
     WHERE market_id = ${marketId} AND (stale_since_ms IS NULL) <> (${sinceMs}::bigint IS NULL)`.execute(
    query(tx),
  )
  return numAffectedRows === 1n
}

/** Symbols whose primary market is stale. */
export async function listStaleSymbols(tx: GateTx): Promise<readonly string[]> {
  const rows = await query<VolatilityTables>(tx)
    .selectFrom('volatility.market')
    .select(['symbol', 'venue'])
    .where('stale_since_ms', 'is not', null)
    .orderBy('market_id')
    .execute()
  return [...new Set(rows.map(({ symbol }) => symbol))]
}
