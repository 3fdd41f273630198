import type { Bar } from './combine-bars.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

/** Why a bar is refused (specification 4). */
export type BarFault =
  | 'off_grid'
  | 'too_old'
  | 'from_the_future'
  | 'not_closed'
  | 'price_not_positive'
  | 'prices_out_of_order'
  | 'bad_volume'

const firstMs = Date.UTC(2010, 0, 1)
const clockToleranceMs = 2_000

/** Validates a single bar against the venue's clock; undefined if it is acceptable. */
export function judgeBar(timeframe: Timeframe, bar: Bar, venueNowMs: number): BarFault | undefined {
  const { openMs, open, high, low, close, volume, quoteVolume, trades } = bar
  const interval = intervalMs[timeframe]
  if (!Number.isSafeInteger(openMs) || openMs % interval !== 0) return 'off_grid'
  if (openMs < firstMs) return 'too_old'
  if (openMs > venueNowMs) return 'from_the_future'
  if (openMs + interval > venueNowMs + clockToleranceMs) return 'not_closed'
  if (![open, high, low, close].every((price) => Number.isFinite(price) && price > 0))
    return 'price_not_positive'
  if (!(low <= Math.min(open, close) && Math.max(open, close) <= high)) return 'prices_out_of_order'
  if (![volume, quoteVolume ?? 0, trades ?? 0].every((amount) => Number.isFinite(amount) && amount >= 0))
    return 'bad_volume'
  return undefined
}

/**
 * Whether a close differs from the previous one by more than a factor of e; such a bar waits until the venue confirms
 * it.
 */
export function isSuspect(previousClose: number, close: number): boolean {
  return Math.abs(Math.log(close / previousClose)) > 1
}
