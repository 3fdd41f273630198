import { sql } from 'kysely'
import type { MinuteBar } from '../domain/minute-gate.ts'
import { toOrigin } from './span.ts'

/** A row of `volatility.bar b` for a minute. */
export type MinuteRow = {
  readonly market_id: number
  readonly open_ms: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly quote_volume: number | null
  readonly trades: number | null
  readonly origin: number
  readonly filled: boolean
}

export const minuteColumns = sql`
  b.market_id, (extract(epoch FROM b.open_at) * 1000)::float8 AS open_ms, b.open, b.high, b.low, b.close, b.volume,
  b.quote_volume, b.trades, b.origin, b.filled`

export function toMinute({
  market_id: _market,
  open_ms: openMs,
  quote_volume: quoteVolume,
  origin,
  ...rest
}: MinuteRow): MinuteBar {
  return { openMs, quoteVolume, origin: toOrigin(origin), ...rest }
}
