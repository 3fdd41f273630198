import { intervalMs, type Timeframe } from './timeframe.ts'

/** A closed bar. Prices are in the quote currency, `volume` in the base currency. */
export type Bar = {
  readonly openMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Null if the venue does not report it. */
  readonly quoteVolume: number | null
  readonly trades: number | null
}

export type CombinedBar = Bar & {
  /** The number of minutes that were present. */
  readonly parts: number
}

/** Open time of the bar of a timeframe that contains a moment: multiples of the interval, in UTC. */
export function bucketOf(timeframe: Timeframe, openMs: number): number {
  const interval = intervalMs[timeframe]
  return Math.floor(openMs / interval) * interval
}

/**
 * Combines the present parts of a longer bar, oldest first and at least one: first open, highest high, lowest low,
 * last close, and sums of the rest. A sum is null if a part's is.
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
