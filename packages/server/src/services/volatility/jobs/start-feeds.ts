import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { asWriter, isOutage } from '@gatehouse/kernel/db'
import { systemTimeline } from '@gatehouse/kernel/clock'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { type Loop, startLoop } from '../../../service/start-loop.ts'
import type { VolatilityDeps } from '../deps.ts'
import type { CarriedSymbol } from '../domain/symbols.ts'
import { intervalMs, timeframes } from '../domain/timeframe.ts'
import { type Venue, venues } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { noteFeedState } from '../store/feed-store.ts'
import { presetNews } from '../store/preset-store.ts'
import { ensureMarkets } from '../store/load-markets.ts'
import { retireMarkets } from '../store/market-store.ts'
import type { Depth } from '../usecases/backfill.ts'
import { assertListed, checkListings } from '../usecases/check-listings.ts'
import { type DerivativeName, feedDerivative } from '../usecases/feed-derivative.ts'
import { feedVenue } from '../usecases/feed-venue.ts'
import { type BegunRevisions, beginOwnMachines } from '../usecases/begin-own-machines.ts'
import type { Ingested } from '../usecases/ingest-minute.ts'
import { createOwnMachines } from '../usecases/move-own-machines.ts'
import { makeTablesOf } from '../usecases/make-day-tables.ts'
import { type BookedMarket, MarketBook } from '../usecases/market-book.ts'
import { createMarketFeed } from '../venues/create-market-feed.ts'
import type { FeedStatus } from '../venues/market-feed.ts'
import { ownFeeds } from './own-feeds.ts'
import { tellSubscribers } from '../usecases/tell-subscribers.ts'

type FeedsDeps = Pick<
  VolatilityDeps,
  'board' | 'clock' | 'compute' | 'db' | 'derivativeFeeds' | 'histories' | 'log' | 'news'
> &
  Pick<ServiceDeps, 'added' | 'chance' | 'egress' | 'feeds'>

/** Takes part in feeding the venues, from the real venues, from a simulator or not at all, as configured. */
export async function startFeeds(deps: FeedsDeps): Promise<Loop> {
  const { feeds, db, clock, log, board } = deps
  if (feeds.kind === 'off') return { stop: async () => undefined }
  const { symbols } = board
  await checkAdded(deps)
  const markets = symbols.flatMap(({ symbol, kind, primary, venues: products }) =>
    venues.flatMap((venue) => {
      const product = products[venue]
      return product === undefined ? [] : [{ venue, symbol, kind, product, isPrimary: venue === primary }]
    }),
  )
  await asWriter(deps, async (tx) => {
    await ensureMarkets(tx, markets, clock.now())
    await retireMarkets(tx, markets)
  })
  const primaries = new Map(symbols.map(({ symbol, primary }) => [symbol, primary]))
  const isSimulated = feeds.kind === 'simulated'
  return ownFeeds({
    db,
    clock,
    log,
    node: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    isSimulated,
    names: [...venues, ...deps.derivativeFeeds],
    run: (name, epoch, stop) => {
      if (name === 'funding' || name === 'dvol') return startDerivative(deps, name, epoch, stop)
      const venue = name
      const book = new MarketBook({ db })
      const feed = createMarketFeed(venue, {
        ...askingDeps(deps, venue),
        lastStoredMs: ({ symbol }) =>
          Promise.resolve(book.find(venue, symbol)?.market.gate.cursorMs ?? lastMinute(clock.now())),
        note: (note) => log.debug(`A feed noted ${note.kind}`),
      })
      const isPrimary = (of: Venue, symbol: string): boolean => primaries.get(symbol) === of
      const own = createOwnMachines(isPrimary)
      const ingest = {
        db,
        book,
        now: clock.now,
        monotonic: clock.monotonic,
        isPrimary,
        alongside: [tellSubscribers, own.move],
        makeTables: (booked: BookedMarket, midnightMs: number) =>
          makeTablesOf(deps, booked, midnightMs).catch((error: unknown) => {
            if (stop.aborted || isOutage(error)) throw error
            // Bars are more important than day tables, so they are not delayed.
            log.error(`The day tables of ${booked.symbol} at ${venue} were not made`, toErrorFields(error))
          }),
        onCommit: (ingested: Ingested) => {
          board.apply(ingested)
          own.onCommit(ingested)
        },
      }
      const depthOf = (carried: CarriedSymbol): Depth => toDepth(carried.primary === venue, isSimulated)
      const begun: BegunRevisions = new Map()
      const begin = {
        db,
        histories: deps.histories,
        now: clock.now,
        primaries: () =>
          symbols.flatMap(({ symbol, primary }) =>
            primary === venue ? (book.find(venue, symbol) ?? []) : [],
          ),
      }
      const beginning = startLoop(
        `volatility own presets ${venue}`,
        beginEveryMs,
        log,
        () => beginOwnMachines(begin, begun, stop),
        (wake) =>
          deps.news.subscribe((subject) => {
            if (subject.startsWith(presetNews)) wake()
          }),
      )
      return during(beginning, feedVenue({ db, log, ingest, feed, symbols, depthOf }, epoch, stop))
    },
  })
}

/** The dependencies of requests to a venue. */
function askingDeps({ egress, clock, chance, feeds }: FeedsDeps, venue: Venue) {
  return {
    egress,
    timeline: { ...systemTimeline, now: clock.now },
    random: chance,
    ...(feeds.kind === 'simulated' ? { hosts: feeds.hosts[venue] } : {}),
  }
}

/** Verifies added symbols against the venues' listings before feeding them; an invalid file stops the start. */
async function checkAdded(deps: FeedsDeps): Promise<void> {
  const { added } = deps
  if (added.file === undefined || added.symbols.length === 0) return
  const checked = await checkListings(
    (venue) =>
      createMarketFeed(venue, {
        ...askingDeps(deps, venue),
        lastStoredMs: () => Promise.resolve(lastMinute(deps.clock.now())),
        note: () => undefined,
      }),
    added.symbols,
  )
  assertListed(added.file, added.symbols, checked)
}
async function during(loop: Loop, work: Promise<void>): Promise<void> {
  try {
    await work
  } finally {
    await loop.stop()
  }
}

/**
 * The polling interval for presets without machines, in case a notification is lost; processing long histories takes
 * longer.
 */
const beginEveryMs = 2_000

const indexCurrencies = ['BTC', 'ETH']

function startDerivative(
  { db, log, egress, clock, chance, feeds, board }: FeedsDeps,
  name: DerivativeName,
  epoch: number,
  stop: AbortSignal,
): Promise<void> {
  const simulated = feeds.kind === 'simulated' ? feeds : undefined
  const origin = name === 'dvol' ? simulated?.deribit : simulated?.hosts.bybit.perp.rest
  let telling: Promise<unknown> = Promise.resolve()
  // One after the other, so that the newest status is the last one written.
  const tell = ({ state, sinceMs, reason }: FeedStatus): Promise<void> => {
    const done = telling.then(() =>
      asWriter({ db }, (tx) => noteFeedState(tx, name, epoch, { status: state, sinceMs, reason })),
    )
    telling = done.catch(() => undefined)
    return done
  }
  const products =
    name === 'dvol'
      ? indexCurrencies
      : [...new Set(board.symbols.flatMap(({ venues: { bybit } }) => bybit ?? []))]
  return feedDerivative(
    {
      db,
      log,
      egress,
      timeline: { ...systemTimeline, now: clock.now },
      random: chance,
      products,
      ...(origin === undefined ? {} : { origin }),
      status: (status) => {
        tell(status).catch((error: unknown) =>
          log.warn(`How the feed ${name} is could not be noted`, toErrorFields(error)),
        )
      },
    },
    name,
    epoch,
    stop,
  )
}

/** Open time of the minute before the current one. */
function lastMinute(nowMs: number): number {
  const minuteMs = intervalMs['1m']
  return Math.floor(nowMs / minuteMs) * minuteMs - minuteMs
}

/** For a simulated market only as many past bars as warm up a series, so that the board fills within a minute. */
const simulatedBars = 300

function toDepth(isPrimary: boolean, isSimulated: boolean): Depth {
  const { backfillDays, backfillBars } = volatilityPolicy
  const all = (bars: number): Depth => ({
    '1m': bars,
    '5m': bars,
    '15m': bars,
    '1h': bars,
    '4h': bars,
    '1d': bars,
  })
  // A year of simulated bars takes seconds per venue, so only the primary venue, which the board shows, gets it.
  if (isSimulated) return isPrimary ? all(simulatedBars) : { ...all(simulatedBars), '4h': 0, '1d': 0 }
  if (!isPrimary) return all(backfillBars)
  const bars = timeframes.map(
    (timeframe) => [timeframe, (backfillDays[timeframe] * intervalMs['1d']) / intervalMs[timeframe]] as const,
  )
  return { ...all(backfillBars), ...Object.fromEntries(bars) }
}
