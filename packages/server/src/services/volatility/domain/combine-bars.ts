import { intervalMs, type Timeframe } from './timeframe.ts'

/** A closed bar. Prices are in the quote currency, `volume` in the base currency. */
export type Bar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Null where a venue does not tell. */
  readonly quoteVolume: number | null
  readonly trades: number | null
}

export type CombinedBar = Bar & {
  /** How many of its parts were there. */
  readonly parts: number
}

/** The open time of the bar of a timeframe that a moment lies in: UTC, whole multiples of the interval. */
export function bucketOf(timeframe: Timeframe, openMs: number): number {
  const interval = intervalMs[timeframe]
  return Math.floor(openMs / interval) * interval
}

/**
 * The bar of a longer timeframe, of those of its parts that are there, oldest first and one at least: the open of the
 * first, the highest high, the lowest low, the close of the last, sums of the rest. A sum is null where a part is.
 */
export function combineBars(openMs: number, parts: readonly [Bar, ...Bar[]]): CombinedBar {
  const [first, ...rest] = parts
  return rest.reduce<CombinedBar>(
    (whole, part) => ({
      openMs,
      open: whole.open,
      high: Math.max(whole.high, part.high),
      low: Math.min(whole.low, part.low),
      close: part.close,
      volume: whole.volume + part.volume,
      quoteVolume: addKnown(whole.quoteVolume, part.quoteVolume),
      trades: addKnown(whole.trades, part.trades),
      parts: whole.parts + 1,
    }),
    { ...first, openMs, parts: 1 },
  )
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
