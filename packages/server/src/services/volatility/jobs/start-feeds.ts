import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { asWriter } from '@gatehouse/kernel/db'
import { systemTimeline } from '@gatehouse/kernel/clock'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import type { Loop } from '../../../service/start-loop.ts'
import type { VolatilityDeps } from '../deps.ts'
import { builtInSymbols, type CarriedSymbol } from '../domain/symbols.ts'
import { intervalMs, timeframes } from '../domain/timeframe.ts'
import { type Venue, venues } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { noteFeedState } from '../store/feed-store.ts'
import { ensureMarkets } from '../store/load-markets.ts'
import type { Depth } from '../usecases/backfill.ts'
import { type DerivativeName, feedDerivative } from '../usecases/feed-derivative.ts'
import { feedVenue } from '../usecases/feed-venue.ts'
import { MarketBook } from '../usecases/market-book.ts'
import { createMarketFeed } from '../venues/create-market-feed.ts'
import type { FeedStatus } from '../venues/market-feed.ts'
import { ownFeeds } from './own-feeds.ts'
import { tellSubscribers } from '../usecases/tell-subscribers.ts'

type FeedsDeps = VolatilityDeps & Pick<ServiceDeps, 'chance' | 'egress' | 'feeds'>

/** Takes part in feeding the venues, as the settings say: with what they tell, with what a simulator tells, or not at all. */
export async function startFeeds(deps: FeedsDeps): Promise<Loop> {
  const { feeds, db, clock, log, board } = deps
  if (feeds.kind === 'off') return { stop: async () => undefined }
  const symbols = builtInSymbols
  await asWriter(deps, (tx) =>
    ensureMarkets(
      tx,
      symbols.flatMap(({ symbol, kind, venues: products }) =>
        venues.flatMap((venue) => {
          const product = products[venue]
          return product === undefined ? [] : [{ venue, symbol, kind, product }]
        }),
      ),
      clock.now(),
    ),
  )
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
        egress: deps.egress,
        timeline: { ...systemTimeline, now: clock.now },
        random: deps.chance,
        lastStoredMs: ({ symbol }) =>
          Promise.resolve(book.find(venue, symbol)?.market.gate.cursorMs ?? lastMinute(clock.now())),
        note: (note) => log.debug(`A feed noted ${note.kind}`),
        ...(feeds.kind === 'simulated' ? { hosts: feeds.hosts[venue] } : {}),
      })
      const ingest = {
        db,
        book,
        now: clock.now,
        monotonic: clock.monotonic,
        isPrimary: (of: Venue, symbol: string) => primaries.get(symbol) === of,
        alongside: [tellSubscribers],
        onCommit: board.apply.bind(board),
      }
      const depthOf = (carried: CarriedSymbol): Depth => toDepth(carried.primary === venue, isSimulated)
      return feedVenue({ db, log, ingest, feed, symbols, depthOf }, epoch, stop)
    },
  })
}

const indexCurrencies = ['BTC', 'ETH']

function startDerivative(
  { db, log, egress, clock, chance, feeds }: FeedsDeps,
  name: DerivativeName,
  epoch: number,
  stop: AbortSignal,
): Promise<void> {
  const simulated = feeds.kind === 'simulated' ? feeds : undefined
  const origin = name === 'dvol' ? simulated?.deribit : simulated?.hosts.bybit.perp.rest
  const tell = async ({ state, sinceMs, reason }: FeedStatus): Promise<void> => {
    await asWriter({ db }, (tx) => noteFeedState(tx, name, epoch, { status: state, sinceMs, reason }))
  }
  const products =
    name === 'dvol' ? indexCurrencies : builtInSymbols.flatMap(({ venues: { bybit } }) => bybit ?? [])
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

/** The open time of the minute before the one that runs. */
function lastMinute(nowMs: number): number {
  const minuteMs = intervalMs['1m']
  return Math.floor(nowMs / minuteMs) * minuteMs - minuteMs
}

/** Of a made-up past so much is read as warms a series soon; what days and hours of it are made of takes the simulator long. */
const simulatedDepth: Depth = { '1m': 300, '5m': 300, '15m': 300, '1h': 300, '4h': 0, '1d': 0 }

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
  if (isSimulated) return simulatedDepth
  if (!isPrimary) return all(backfillBars)
  const bars = timeframes.map(
    (timeframe) => [timeframe, (backfillDays[timeframe] * intervalMs['1d']) / intervalMs[timeframe]] as const,
  )
  return { ...all(backfillBars), ...Object.fromEntries(bars) }
}
