import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { MarketStatus, VolatilityTables } from './tables.ts'

export type StoredMarket = {
  readonly marketId: number
  readonly venue: string
  readonly symbol: string
  readonly product: string
  readonly status: MarketStatus
  /** Since when its last closed minute is too old. */
  readonly staleSinceMs: number | null
}

export async function listMarkets(tx: GateTx): Promise<readonly StoredMarket[]> {
  const rows = await query<VolatilityTables>(tx)
    .selectFrom('volatility.market')
    .select(['market_id', 'venue', 'symbol', 'product', 'status', 'stale_since_ms'])
    .orderBy('market_id')
    .execute()
  return rows.map(({ market_id, stale_since_ms: stale, ...row }) => ({
    marketId: market_id,
    staleSinceMs: stale === null ? null : Number(stale),
    ...row,
  }))
}

/** Begins or ends a spell of staleness; false where that was done already. */
export async function setStale(tx: WriterTx, marketId: number, sinceMs: number | null): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE volatility.market SET stale_since_ms = ${sinceMs}
     WHERE market_id = ${marketId} AND (stale_since_ms IS NULL) <> (${sinceMs}::bigint IS NULL)`.execute(
    query(tx),
  )
  return numAffectedRows === 1n
}

/** Symbols whose primary venue has been silent for too long. */
export async function listStaleSymbols(tx: GateTx): Promise<readonly string[]> {
  const rows = await query<VolatilityTables>(tx)
    .selectFrom('volatility.market')
    .select(['symbol', 'venue'])
    .where('stale_since_ms', 'is not', null)
    .orderBy('market_id')
    .execute()
  return [...new Set(rows.map(({ symbol }) => symbol))]
}
