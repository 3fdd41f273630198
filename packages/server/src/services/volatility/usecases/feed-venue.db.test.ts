import { createLogger } from '@gatehouse/kernel/log'
import { afterEach, expect, it } from 'vitest'
import { builtInSymbols } from '../domain/symbols.ts'
import { minute, storedBars, testMarkets, type TestMarkets } from '../testing/test-markets.ts'
import type { ClosedBar, FeedSink, MarketFeed } from '../venues/market-feed.ts'
import { feedVenue } from './feed-venue.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const start = Date.UTC(2026, 0, 5, 12)
const symbol = 'btcusdt'
const depth = { '1m': 0, '5m': 0, '15m': 0, '1h': 0, '4h': 0, '1d': 0 }

let markets: TestMarkets
let end: () => Promise<void>
afterEach(async () => {
  await end()
  await markets.database.drop()
})

const barOf = (at: number): ClosedBar => ({
  ...minute(start + at * minuteMs, 100 + at),
  venue: 'binance',
  symbol,
})

/** A venue that has closed some minutes, and a feed of it that tells of them when the test says so. */
async function feed() {
  markets = await testMarkets([symbol], start)
  const { clock, deps, database } = markets
  const closed: ClosedBar[] = []
  let aheadMs = 0
  const sinks = Promise.withResolvers<FeedSink>()
  const venueNow = () => start + clock.monotonic() + aheadMs
  const venue: MarketFeed = {
    venue: 'binance',
    serverTime: async () => venueNow(),
    fetchBars: async (_product, timeframe, fromMs, toMs) => ({
      timeframe,
      bars: closed
        .filter(({ openMs }) => openMs >= fromMs && openMs < toMs)
        .map((bar) => ({ ...bar, origin: 'rest' })),
      coveredFromMs: fromMs,
      coveredToMs: toMs,
    }),
    run: (_products, sink, signal) =>
      new Promise((resolve) => {
        sinks.resolve(sink)
        signal.addEventListener('abort', () => resolve())
      }),
  }
  const stop = new AbortController()
  const ended = feedVenue(
    {
      db: database.db,
      log: createLogger('silent'),
      ingest: { ...deps, monotonic: clock.monotonic },
      feed: venue,
      symbols: builtInSymbols.filter((one) => one.symbol === symbol),
      depthOf: () => depth,
    },
    1,
    stop.signal,
  )
  end = async () => {
    stop.abort()
    await ended
  }
  const sink = await sinks.promise
  return {
    clock,
    setVenueAhead: (ms: number) => {
      aheadMs = ms
    },
    tell: (at: number) => {
      closed.push(barOf(at))
      sink.bar(barOf(at))
    },
    stored: async () =>
      (await storedBars(database, symbol, '1m')).map(({ openMs }) => (openMs - start) / minuteMs),
  }
}

it('no-bar-is-lost-or-doubled-under-any-fault: a clock of ours that steps, back or ahead, holds no bar up and lets none in from the future', async () => {
  const { clock, tell, stored } = await feed()
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
  clock.set(start - hourMs)
  clock.advance(minuteMs)
  tell(1)
  await expect.poll(stored).toEqual([0, 1])
  clock.set(start + 10 * minuteMs)
  clock.advance(minuteMs)
  tell(2)
  tell(3)
  await expect.poll(stored).toEqual([0, 1, 2])
})

it('no-bar-is-lost-or-doubled-under-any-fault: a venue that sets its clock ahead is asked for its time again', async () => {
  const { clock, tell, stored, setVenueAhead } = await feed()
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
  setVenueAhead(5_000)
  clock.advance(minuteMs - 5_000)
  // Long before its time is measured anyway.
  const tellAgain = async (): Promise<readonly number[]> => {
    tell(1)
    return stored()
  }
  await expect.poll(tellAgain).toEqual([0, 1])
  clock.advance(minuteMs)
  tell(2)
  await expect.poll(stored).toEqual([0, 1, 2])
})
