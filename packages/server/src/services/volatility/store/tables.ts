import type { Generated } from 'kysely'
import type { SymbolKind } from '../domain/symbols.ts'

export type MarketStatus = 'unverified' | 'listed' | 'not_listed' | 'retired'
export type FeedState = 'connecting' | 'backfilling' | 'live' | 'degraded' | 'down'

/** Columns of type bigint are returned as text. */
export type VolatilityTables = {
  'volatility.market': {
    market_id: Generated<number>
    venue: string
    symbol: string
    kind: SymbolKind
    is_primary: boolean
    product: string
    status: MarketStatus
    carried_since_ms: string
    stale_since_ms: string | null
  }
  'volatility.feed': {
    venue: string
    epoch: string
    node: string | null
    status: FeedState
    since_ms: string
    reason: string | null
    simulated: boolean
    last_bar_ms: string | null
    last_frame_ms: string | null
    renewed_at: Date | null
  }
}
