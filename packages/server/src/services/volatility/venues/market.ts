import type { IncomingHttpHeaders } from 'node:http'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Frame, VenueBar, VenueTrade } from './frame.ts'
import type { ProductKind, Venue } from './market-feed.ts'

/** Where a market is reached: origins without a path. */
export type MarketHosts = { readonly rest: string; readonly stream: string }

/** What a reply of REST means before anybody reads its rows. */
export type ReplyVerdict =
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nothing more may be asked for so long; `waitMs` undefined where the venue does not say. */
  | { readonly kind: 'banned'; readonly reason: string; readonly waitMs: number }

export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** How a market says what it trades: in pages, or of one product at a time. */
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
  /** Half of what the venue allows, in its own units. */
  readonly budget: { readonly burst: number; readonly perSecond: number }
  readonly judge: (reply: Reply) => ReplyVerdict
  /** How much of the venue's limit of this minute is used, from 0 to 1; undefined where it does not say. */
  readonly usedShare: (headers: IncomingHttpHeaders) => number | undefined
  readonly timePath: string
  readonly readTime: (body: unknown) => number
  readonly barsMax: number
  /** Undefined where the venue has no bars of that length. Both ends are open times, `lastMs` inclusive. */
  readonly barsPath: (
    code: string,
    timeframe: Timeframe,
    fromMs: number,
    lastMs: number,
  ) => { readonly path: string; readonly cost: number } | undefined
  readonly readBars: (body: unknown) => readonly VenueBar[]
  readonly listing: ListingRules
  /** A page of trades older than an id, newest first, for a market whose bars are built. */
  readonly trades?: {
    readonly path: (code: string, beforeId: number, limit: number) => string
    readonly read: (body: unknown) => readonly VenueTrade[]
    readonly pageMax: number
  }
}

export type StreamRules = {
  readonly url: (origin: string, codes: readonly string[]) => string
  /** Sent as soon as the link is open. */
  readonly hello: (codes: readonly string[]) => readonly string[]
  readonly read: (text: string) => readonly Frame[]
  /** What keeps the link alive, sent by us. */
  readonly ping: { readonly everyMs: number; readonly text: string } | undefined
  /** Without a sign of life for so long the link is taken for dead. */
  readonly silenceMs: number
  /** What counts as one: anything at all, or a pulse alone. */
  readonly signOfLife: 'anything' | 'pulse'
  /** How old a link may become before another takes over. */
  readonly lifeMs: number | undefined
  /** Bars arrive whole, or are made of trades. */
  readonly gives: 'bars' | 'trades'
}

/** One kind of product at one venue: everything that the rest has to know of how it is spoken to. */
export type Market = {
  readonly venue: Venue
  readonly kind: ProductKind
  readonly hosts: MarketHosts
  readonly rest: RestRules
  /** Undefined where minutes are asked for one by one. */
  readonly stream: StreamRules | undefined
  /** Whether a minute that the venue leaves out is one without trades, to be filled flat. */
  readonly leavesOutQuietMinutes: boolean
  /** How long after its end a minute that is not in an answer counts as absent. */
  readonly absentAfterMs: number
}

/** A venue, by the kinds of products that it has. */
export type VenueKind = { readonly venue: Venue; readonly markets: Readonly<Record<ProductKind, Market>> }

/** The number of seconds in a Retry-After header, as milliseconds. */
export function retryAfterMs(headers: IncomingHttpHeaders, leastMs: number): number {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(leastMs, seconds * 1_000) : leastMs
}
