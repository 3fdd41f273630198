import type { Bar } from '../domain/combine-bars.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'

export type { Venue } from '../domain/venue.ts'

export type ProductKind = 'spot' | 'perp'

/** A product of a venue: our symbol, and the venue's own code. */
export type Product = { readonly symbol: string; readonly kind: ProductKind; readonly code: string }

/** Pushed when it closed, requested, built from trades, or combined from shorter bars. */
export type BarOrigin = 'stream' | 'rest' | 'built' | 'aggregated'

export type ClosedBar = Bar & {
  readonly venue: Venue
  readonly symbol: string
  readonly origin: BarOrigin
  /** A minute proven to have no trades, flat at the previous close. */
  readonly filled: boolean
}

export type FeedState = 'connecting' | 'backfilling' | 'live' | 'degraded' | 'down'

export type FeedStatus = {
  readonly state: FeedState
  /** Unix time in milliseconds on our clock. */
  readonly sinceMs: number
  /** Why it is not live, in our own words. */
  readonly reason: string | null
  /** Until when the venue refuses us, if it said so or its rules do. */
  readonly untilMs: number | null
}

export type FeedSink = {
  /** Closed 1-minute bars, in order per product, each once. */
  readonly bar: (bar: ClosedBar) => void
  readonly status: (status: FeedStatus) => void
  /** The venue answered for these minutes, `toMs` exclusive: one that was not handed on by now does not exist. */
  readonly covered?: (product: Product, fromMs: number, toMs: number) => void
}

/** A venue's bars in a range. A bar that is missing although its open time is in the covered range does not exist. */
export type BarPage = {
  readonly timeframe: Timeframe
  /** Closed bars, oldest first. */
  readonly bars: readonly ClosedBar[]
  readonly coveredFromMs: number
  /** Exclusive; before the end of the request if a page was full or the venue may not be done yet. */
  readonly coveredToMs: number
}

/** The products of a venue, as far as it reports them. */
export type Listing = {
  readonly kind: ProductKind
  readonly isListed: (code: string) => boolean
  /** All products if the venue lists them; if it is asked per product, those that are listed. */
  readonly codes: readonly string[]
}

/** One venue. */
export type MarketFeed = {
  readonly venue: Venue
  /** Runs until aborted; failures of the venue are reported as a status, never thrown. */
  readonly run: (products: readonly Product[], sink: FeedSink, signal: AbortSignal) => Promise<void>
  /**
   * One page: bars that open from `fromMs` (inclusive) to `toMs` (exclusive). Throws a VenueError without an answer.
   */
  readonly fetchBars: (
    product: Product,
    timeframe: Timeframe,
    fromMs: number,
    toMs: number,
  ) => Promise<BarPage>
  /** The venue's listing; for a kind that is asked per product, of these codes. Throws as `fetchBars` does. */
  readonly listProducts: (kind: ProductKind, codes: readonly string[]) => Promise<Listing>
  /** Unix time in milliseconds on the venue's clock. */
  readonly serverTime: () => Promise<number>
}
