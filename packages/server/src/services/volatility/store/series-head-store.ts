import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Timeframe } from '../domain/timeframe.ts'

/** Where a series' bars are stored, and the time of the last one. */
export type SeriesHead = {
  readonly marketId: number
  readonly seriesId: number
  /** Increased when the series is recomputed. */
  readonly version: number
  readonly lastOpenMs: number | null
}

export async function findSeriesHead(
  tx: GateTx,
  venue: string,
  symbol: string,
  timeframe: Timeframe,
): Promise<SeriesHead | undefined> {
  const { rows } = await sql<{
    market_id: number
    series_id: number
    version: number
    last_open_ms: string | null
  }>`
    SELECT market_id, series_id, series.version, series.last_open_ms
    FROM volatility.series JOIN volatility.market USING (market_id)
    WHERE market.venue = ${venue} AND market.symbol = ${symbol} AND series.timeframe = ${timeframe}`.execute(
    query(tx),
  )
  return rows.map(({ market_id, series_id, version, last_open_ms }) => ({
    marketId: market_id,
    seriesId: series_id,
    version,
    lastOpenMs: last_open_ms === null ? null : Number(last_open_ms),
  }))[0]
}
