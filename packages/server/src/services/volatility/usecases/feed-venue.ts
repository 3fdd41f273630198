import { asGate, asWriter, type Database, isOutage } from '@gatehouse/kernel/db'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import type { CarriedSymbol } from '../domain/symbols.ts'
import type { Venue } from '../domain/venue.ts'
import { noteFeedState } from '../store/feed-store.ts'
import { listMarkets, setListed } from '../store/market-store.ts'
import type { ClosedBar, FeedStatus, MarketFeed, Product } from '../venues/market-feed.ts'
import { VenueError } from '../venues/rest-door.ts'
import { VenueClock } from '../venues/venue-clock.ts'
import { backfillMarket, type Depth } from './backfill.ts'
import { ensureBarPartitions } from './bar-partitions.ts'
import { checkVenue } from './check-listings.ts'
import { followStaleness } from './follow-staleness.ts'
import {
  FormerOwner,
  type IngestDeps,
  ingestMinutes,
  type IngestOutcome,
  type Offer,
} from './ingest-minute.ts'
import type { BookedMarket } from './market-book.ts'
import { tellUnread, type Unread } from './tell-unread.ts'

export type FeedVenueDeps = {
  readonly db: Database
  readonly log: Logger
  readonly ingest: Omit<IngestDeps, 'venueNow'>
  readonly feed: MarketFeed
  readonly symbols: readonly CarriedSymbol[]
  readonly depthOf: (symbol: CarriedSymbol) => Depth
}

/**
 * Bars of one minute arrive within moments of each other and are committed together: as soon as each symbol has one,
 * or so long after the first.
 */
const gatherMs = 40
const tickMs = 1_000
const measureEveryMs = 600_000
/** How long after a failed listing request the venue is asked again. */
const listAgainMs = 60_000
/** Silence of a feed is reported only this long after its start. */
const settleMs = 10_000
/** How many markets are read concurrently; the venue's request budget orders their requests. */
const backfillsAtOnce = 4
/** How often a market's history is requested if the venue times out. */
const backfillAttemptsMax = 4
/** Minutes buffered while the database is unavailable: a quarter of an hour of every market. */
const minutesHeldMax = 15

/** Feeds one venue under one epoch, until aborted or another node owns the feed: history first, then each minute. */
export async function feedVenue(deps: FeedVenueDeps, epoch: number, stop: AbortSignal): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([stop, over.signal])
  const run = new VenueRun(deps, epoch, signal, () => over.abort())
  try {
    await run.go()
  } finally {
    over.abort()
  }
}

type Told = Pick<FeedStatus, 'state' | 'sinceMs' | 'reason'>

class VenueRun {
  readonly #deps: FeedVenueDeps
  readonly #venue: Venue
  readonly #epochs: ReadonlyMap<Venue, number>
  readonly #epoch: number
  readonly #signal: AbortSignal
  readonly #giveUp: () => void
  readonly #ingest: IngestDeps
  readonly #stale = new Set<number>()
  readonly #asking = new Set<number>()
  /** The symbols carried at this venue. */
  readonly #own: readonly CarriedSymbol[]
  /** Symbols that the venue does not list. */
  readonly #unlisted = new Set<string>()
  #tail: Promise<unknown> = Promise.resolve()
  #waiting: ClosedBar[] = []
  #gathering: NodeJS.Timeout | undefined
  /** How many symbols are fed, once their history was read. */
  #fed = Number.POSITIVE_INFINITY
  /** The feed's status, and the part of it that is written. */
  #status: Told | undefined
  #told: Told | undefined
  #telling: Promise<unknown> = Promise.resolve()
  readonly #clock: VenueClock
  #askedMs = Number.NEGATIVE_INFINITY
  /** When the listing was last requested while it is unknown; otherwise undefined. */
  #listedMs: number | undefined

  constructor(deps: FeedVenueDeps, epoch: number, signal: AbortSignal, giveUp: () => void) {
    this.#deps = deps
    const { venue } = deps.feed
    this.#venue = venue
    this.#own = deps.symbols.filter(({ venues }) => venues[venue] !== undefined)
    this.#epoch = epoch
    this.#epochs = new Map([[this.#venue, epoch]])
    this.#signal = signal
    this.#giveUp = giveUp
    this.#clock = new VenueClock(deps.ingest)
    this.#ingest = { ...deps.ingest, venueNow: () => this.#clock.now() ?? deps.ingest.now() }
  }

  async go(): Promise<void> {
    const { feed, ingest, db } = this.#deps
    await ingest.book.load(this.#venue)
    const markets = await asGate({ db }, listMarkets)
    for (const { marketId, staleSinceMs } of markets) if (staleSinceMs !== null) this.#stale.add(marketId)
    await this.#note({ state: 'backfilling', sinceMs: ingest.now(), reason: null })
    await this.#measure()
    const stored = new Map(
      markets
        .filter(({ venue }) => venue === this.#venue)
        .map(({ symbol, status }) => [symbol, status] as const),
    )
    for (const [symbol, status] of stored) if (status === 'not_listed') this.#unlisted.add(symbol)
    // Products known to be listed are fed immediately, whether or not the venue answers.
    const isKnown = this.#own.every(({ symbol }) => stored.get(symbol) !== 'unverified')
    if (isKnown) this.#start(() => this.#listAgain())
    else await this.#list()
    const chosen = this.#own.flatMap((carried) => {
      const { symbol, kind, venues } = carried
      const code = venues[this.#venue]
      if (code === undefined || this.#unlisted.has(symbol)) return []
      return [{ carried, product: { symbol, kind, code } }]
    })
    const products = await this.#backfill(chosen)
    if (this.#signal.aborted) return
    this.#fed = products.length
    const startedMs = ingest.monotonic()
    const ticking = setInterval(() => this.#start(() => this.#tick(products, startedMs)), tickMs)
    try {
      await feed.run(
        products,
        {
          bar: (bar) => this.#hear(bar),
          status: (status) => this.#start(() => this.#note(status)),
        },
        this.#signal,
      )
    } finally {
      clearInterval(ticking)
      await this.#tail
    }
  }

  /** Requests the venue's listing and stores it; returns true if it changed. */
  async #list(): Promise<boolean> {
    const { feed, ingest } = this.#deps
    this.#listedMs = ingest.monotonic()
    const checked = await checkVenue(this.#venue, feed, this.#own)
    await asWriter(this.#deps, (tx) => setListed(tx, this.#venue, this.#epoch, checked))
    if (checked.every(({ status }) => status !== 'unverified')) this.#listedMs = undefined
    let isOther = false
    for (const { symbol, status } of checked) {
      if (status === 'unverified' || this.#unlisted.has(symbol) === (status === 'not_listed')) continue
      isOther = true
      if (status === 'not_listed') this.#unlisted.add(symbol)
      else this.#unlisted.delete(symbol)
    }
    return isOther
  }

  /** If a product turns out to be listed or not, the feed restarts with or without it. */
  async #listAgain(): Promise<void> {
    if (await this.#list()) this.#giveUp()
  }

  /**
   * Reads the history of products and returns those that succeeded; a failure does not stop the others, and is
   * retried when the feed restarts.
   */
  async #backfill(
    chosen: readonly { readonly carried: CarriedSymbol; readonly product: Product }[],
  ): Promise<readonly Product[]> {
    const { db, feed, depthOf, log } = this.#deps
    const rest = chosen.map((one) => ({ ...one, attempt: 1 }))
    const done = new Set<Product>()
    const unread: Unread[] = []
    const work = async (): Promise<void> => {
      for (let next = rest.shift(); next !== undefined && !this.#signal.aborted; next = rest.shift()) {
        const { carried, product, attempt } = next
        const booked = this.#booked(product.symbol)
        if (booked === undefined) continue
        try {
          const backfill = {
            db,
            ingest: this.#ingest,
            feed,
            inTurn: <T>(one: () => Promise<T>) => this.#inTurn(one),
          }
          await backfillMarket(backfill, booked, product, depthOf(carried), this.#epochs, this.#signal)
          done.add(product)
        } catch (error) {
          if (error instanceof FormerOwner) return this.#giveUp()
          if (!(error instanceof VenueError) && !isOutage(error)) throw error
          if (error instanceof VenueError && error.code === 'unreachable' && attempt < backfillAttemptsMax) {
            // What was read so far is stored; other products are tried first.
            rest.push({ ...next, attempt: attempt + 1 })
            continue
          }
          unread.push({ symbol: product.symbol, error })
          // The series continues from its last bar: the feed fills the gap to the present.
          if (booked.market.tracker('1m').cursorMs !== null) done.add(product)
        }
      }
    }
    await Promise.all(Array.from({ length: backfillsAtOnce }, work))
    if (!this.#signal.aborted) tellUnread(log, feed, unread)
    return chosen.flatMap(({ product }) => (done.has(product) ? [product] : []))
  }

  #booked(symbol: string): BookedMarket | undefined {
    return this.#deps.ingest.book.find(this.#venue, symbol)
  }

  #hear(bar: ClosedBar): void {
    this.#waiting.push(bar)
    const take = (): void => {
      clearTimeout(this.#gathering)
      this.#gathering = undefined
      this.#start(() => this.#inTurn(() => this.#take()))
    }
    if (new Set(this.#waiting.map(({ symbol }) => symbol)).size >= this.#fed) take()
    else this.#gathering ??= setTimeout(take, gatherMs)
  }

  /**
   * Writes received bars. While the database is unavailable they wait for the next turn; beyond the limit the oldest
   * are dropped and requested again.
   */
  async #take(): Promise<void> {
    if (this.#waiting.length === 0 || this.#signal.aborted) return
    const bars = this.#waiting
    this.#waiting = []
    try {
      await this.#deps.ingest.book.refresh()
      await ensureBarPartitions(this.#deps.db, bars)
      const offers = [...Map.groupBy(bars, ({ symbol }) => symbol)].flatMap(
        ([symbol, own]): readonly Offer[] => {
          const booked = this.#booked(symbol)
          return booked === undefined ? [] : [{ booked, bars: own }]
        },
      )
      const { refused } = await ingestMinutes(this.#ingest, offers, this.#epochs)
      // A venue whose clock was set reports minutes as closed that by its former time are not.
      if (refused.not_closed !== undefined || refused.from_the_future !== undefined)
        this.#askedMs = Number.NEGATIVE_INFINITY
    } catch (error) {
      if (!isOutage(error)) throw error
      const most = minutesHeldMax * this.#deps.symbols.length
      this.#waiting = [...bars, ...this.#waiting].slice(-most)
    }
  }

  async #tick(products: readonly Product[], startedMs: number): Promise<void> {
    const { ingest } = this.#deps
    this.#start(() => this.#tell())
    if (ingest.monotonic() - this.#askedMs > measureEveryMs) await this.#measure()
    if (this.#listedMs !== undefined && ingest.monotonic() - this.#listedMs > listAgainMs)
      this.#start(() => this.#listAgain())
    await this.#inTurn(() => this.#take())
    const markets = products.flatMap(({ symbol }) => this.#booked(symbol) ?? [])
    if (markets.some(({ market }) => market.gate.wanted() !== undefined))
      await this.#offer(products.map(({ symbol }) => ({ symbol, bars: [] })))
    for (const product of products) this.#start(() => this.#ask(product))
    if (ingest.monotonic() - startedMs > settleMs)
      await this.#inTurn(() => followStaleness(ingest, this.#venue, markets, this.#stale, this.#epoch))
  }

  /** Requests the range that a market waits for from the venue. */
  async #ask(product: Product): Promise<void> {
    const booked = this.#booked(product.symbol)
    const wanted = booked?.market.gate.wanted()
    if (booked === undefined || wanted === undefined || this.#asking.has(booked.marketId)) return
    this.#asking.add(booked.marketId)
    try {
      const page = await this.#deps.feed.fetchBars(product, '1m', wanted.fromMs, wanted.toMs)
      const covered = { fromMs: page.coveredFromMs, toMs: page.coveredToMs }
      await this.#offer([{ symbol: product.symbol, bars: page.bars, covered }])
    } finally {
      this.#asking.delete(booked.marketId)
    }
  }

  /** Offers bars in turn to the current markets, because earlier objects may have been read again. */
  #offer(
    offers: readonly (Omit<Offer, 'booked' | 'bars'> & {
      readonly symbol: string
      readonly bars: readonly ClosedBar[]
    })[],
  ): Promise<IngestOutcome> {
    return this.#inTurn(async () => {
      await this.#deps.ingest.book.refresh()
      await ensureBarPartitions(
        this.#deps.db,
        offers.flatMap(({ bars }) => bars),
      )
      const known = offers.flatMap(({ symbol, ...offer }): readonly Offer[] => {
        const booked = this.#booked(symbol)
        return booked === undefined ? [] : [{ booked, ...offer }]
      })
      return ingestMinutes(this.#ingest, known, this.#epochs)
    })
  }

  async #measure(): Promise<void> {
    const { feed, ingest } = this.#deps
    this.#askedMs = ingest.monotonic()
    try {
      this.#clock.measure(await feed.serverTime())
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
    }
  }

  #note(status: Told): Promise<void> {
    this.#status = status
    return this.#tell()
  }

  /**
   * Writes the feed's states one after the other, so that the newest is the last; a failed write is retried by the
   * next tick.
   */
  #tell(): Promise<void> {
    const write = async (): Promise<void> => {
      const status = this.#status
      if (status === undefined || status === this.#told) return
      const { state, sinceMs, reason } = status
      await asWriter(this.#deps, (tx) =>
        noteFeedState(tx, this.#venue, this.#epoch, { status: state, sinceMs, reason }),
      )
      this.#told = status
    }
    const done = this.#telling.then(write, write)
    this.#telling = done.catch(() => undefined)
    return done
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work, work)
    this.#tail = done.catch(() => undefined)
    return done
  }

  /** Failures are retried by the next tick; if the feed's ownership is lost, it ends. */
  #start(work: () => Promise<void>): void {
    if (this.#signal.aborted) return
    work().catch((error: unknown) => {
      if (this.#signal.aborted || error instanceof VenueError || isOutage(error)) return
      if (error instanceof FormerOwner) return this.#giveUp()
      this.#deps.log.error(`The feed of ${this.#venue} failed`, toErrorFields(error))
    })
  }
}
