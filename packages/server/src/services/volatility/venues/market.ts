import type { IncomingHttpHeaders } from 'node:http'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Frame, VenueBar, VenueTrade } from './frame.ts'
import type { ProductKind, Venue } from './market-feed.ts'

/** The origins of a market, without a path. */
export type MarketHosts = { readonly rest: string; readonly stream: string }

/** The meaning of a REST reply, judged before its rows are read. */
export type ReplyVerdict =
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** No requests may be sent for this long; `waitMs` is undefined if the venue does not say. */
  | { readonly kind: 'banned'; readonly reason: string; readonly waitMs: number }

export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** How a market reports its products: in pages, or one product at a time. */
export type ListingRules =
  | {
      readonly kind: 'pages'
      readonly path: (cursor: string | undefined) => { readonly path: string; readonly cost: number }
      readonly read: (body: unknown) => {
        readonly codes: readonly string[]
        readonly cursor: string | undefined
      }
    }
  | {
      readonly kind: 'each'
      readonly path: (code: string) => { readonly path: string; readonly cost: number }
      readonly isOpen: (body: unknown) => boolean
    }

export type RestRules = {
  /** Half of the venue's limit, in its own units. */
  readonly budget: { readonly burst: number; readonly perSecond: number }
  readonly judge: (reply: Reply) => ReplyVerdict
  /** The used share of the venue's limit for this minute, 0 to 1; undefined if it does not report it. */
  readonly usedShare: (headers: IncomingHttpHeaders) => number | undefined
  readonly timePath: string
  readonly readTime: (body: unknown) => number
  readonly barsMax: number
  /** Undefined if the venue has no bars of that length. Both ends are open times, `lastMs` inclusive. */
  readonly barsPath: (
    code: string,
    timeframe: Timeframe,
    fromMs: number,
    lastMs: number,
  ) => { readonly path: string; readonly cost: number } | undefined
  readonly readBars: (body: unknown) => readonly VenueBar[]
  readonly listing: ListingRules
  /** A page of trades older than an id, newest first, for markets whose bars are built from trades. */
  readonly trades?: {
    readonly path: (code: string, beforeId: number, limit: number) => string
    readonly read: (body: unknown) => readonly VenueTrade[]
    readonly pageMax: number
  }
}

export type StreamRules = {
  readonly url: (origin: string, codes: readonly string[]) => string
  /** Messages sent when the connection is open. */
  readonly hello: (codes: readonly string[]) => readonly string[]
  readonly read: (text: string) => readonly Frame[]
  /** The keep-alive message that we send. */
  readonly ping: { readonly everyMs: number; readonly text: string } | undefined
  /** A connection that is silent for longer counts as dead. */
  readonly silenceMs: number
  /** Which messages end the silence: any, or only a pulse. */
  readonly signOfLife: 'anything' | 'pulse'
  /** The age at which another connection takes over. */
  readonly lifeMs: number | undefined
  /** Whether the stream sends complete bars, or trades. */
  readonly gives: 'bars' | 'trades'
}

/** One kind of product at one venue, with everything specific to its protocol. */
export type Market = {
  readonly venue: Venue
  readonly kind: ProductKind
  readonly hosts: MarketHosts
  readonly rest: RestRules
  /** Undefined if minutes are requested one by one. */
  readonly stream: StreamRules | undefined
  /** Whether the venue omits minutes without trades, which are then filled flat. */
  readonly leavesOutQuietMinutes: boolean
  /** How long after its end a minute missing from an answer counts as absent. */
  readonly absentAfterMs: number
}

/** A venue with its markets by kind of product. */
export type VenueKind = { readonly venue: Venue; readonly markets: Readonly<Record<ProductKind, Market>> }

/** The seconds of a Retry-After header in milliseconds, at least `leastMs`. */
export function retryAfterMs(headers: IncomingHttpHeaders, leastMs: number): number {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(leastMs, seconds * 1_000) : leastMs
}
