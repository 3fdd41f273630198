import type { Bar } from '../domain/combine-bars.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'

export type { Venue } from '../domain/venue.ts'

export type ProductKind = 'spot' | 'perp'

/** What a venue trades: our symbol, and the venue's own code for it. */
export type Product = { readonly symbol: string; readonly kind: ProductKind; readonly code: string }

/** Pushed when it closed, asked for, made of trades, or made of shorter bars. */
export type BarOrigin = 'stream' | 'rest' | 'built' | 'aggregated'

export type ClosedBar = Bar & {
  readonly venue: Venue
  readonly symbol: string
  readonly origin: BarOrigin
  /** A minute proven to be without trades, flat at the close before it. */
  readonly filled: boolean
}

export type FeedState = 'connecting' | 'backfilling' | 'live' | 'degraded' | 'down'

export type FeedStatus = {
  readonly state: FeedState
  /** Milliseconds since the epoch, on our clock. */
  readonly sinceMs: number
  /** Why it is not live, in words of ours. */
  readonly reason: string | null
  /** Until when the venue refuses us, where it said so or where its rules do. */
  readonly untilMs: number | null
}

export type FeedSink = {
  /** Closed 1-minute bars, in order for each product, each once. */
  readonly bar: (bar: ClosedBar) => void
  readonly status: (status: FeedStatus) => void
  /** The venue was asked about these minutes, `toMs` exclusive: one that was not handed on by now does not exist. */
  readonly covered?: (product: Product, fromMs: number, toMs: number) => void
}

/** What a venue has in a range of time. A bar that is not in it, though its open lies in the range covered, does not exist. */
export type BarPage = {
  readonly timeframe: Timeframe
  /** Closed, oldest first. */
  readonly bars: readonly ClosedBar[]
  readonly coveredFromMs: number
  /** Exclusive; less than what was asked for where a page was full or the venue may not be done yet. */
  readonly coveredToMs: number
}

/** What a venue trades, as far as it says. */
export type Listing = {
  readonly kind: ProductKind
  readonly isListed: (code: string) => boolean
  /** Everything, where the venue tells; of a venue that is asked about each product, those that are listed. */
  readonly codes: readonly string[]
}

/** One venue. */
export type MarketFeed = {
  readonly venue: Venue
  /** Until aborted; what the venue does wrong is told as a status, never thrown. */
  readonly run: (products: readonly Product[], sink: FeedSink, signal: AbortSignal) => Promise<void>
  /** One page: bars that open from `fromMs` on and before `toMs`. Throws a VenueError where there is no answer. */
  readonly fetchBars: (
    product: Product,
    timeframe: Timeframe,
    fromMs: number,
    toMs: number,
  ) => Promise<BarPage>
  /** What the venue lists; of a kind that is asked about each product, of these. Throws as `fetchBars` does. */
  readonly listProducts: (kind: ProductKind, codes: readonly string[]) => Promise<Listing>
  /** Milliseconds since the epoch, on the venue's clock. */
  readonly serverTime: () => Promise<number>
}
