import { asWriter } from '@gatehouse/kernel/db'
import { createLogger } from '@gatehouse/kernel/log'
import { afterEach, expect, it, vi } from 'vitest'
import { builtInSymbols } from '../domain/symbols.ts'
import { minute, storedBars, testMarkets, type TestMarkets } from '../testing/test-markets.ts'
import type { ClosedBar, FeedSink, FeedStatus, MarketFeed } from '../venues/market-feed.ts'
import { VenueError } from '../venues/rest-door.ts'
import { claimFeed } from '../store/feed-store.ts'
import { feedVenue } from './feed-venue.ts'
import { MarketBook } from './market-book.ts'

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
async function feed(listed = (): readonly string[] => ['BTCUSDT'], unanswered = 0) {
  markets = await testMarkets([symbol], start)
  const { clock, deps, database } = markets
  const closed: ClosedBar[] = []
  let aheadMs = 0
  let asked = 0
  let fed: readonly string[] = []
  const sinks = Promise.withResolvers<FeedSink>()
  const venueNow = () => start + clock.monotonic() + aheadMs
  const venue: MarketFeed = {
    venue: 'binance',
    serverTime: async () => venueNow(),
    listProducts: async (kind) => {
      const codes = listed()
      return { kind, codes, isListed: (code) => codes.includes(code) }
    },
    fetchBars: async (_product, timeframe, fromMs, toMs) => {
      asked += 1
      if (asked <= unanswered) throw new VenueError('unreachable', 'no answer in time')
      return {
        timeframe,
        bars: closed
          .filter(({ openMs }) => openMs >= fromMs && openMs < toMs)
          .map((bar) => ({ ...bar, origin: 'rest' })),
        coveredFromMs: fromMs,
        coveredToMs: toMs,
      }
    },
    run: (products, sink, signal) =>
      new Promise((resolve) => {
        fed = products.map(({ code }) => code)
        sinks.resolve(sink)
        signal.addEventListener('abort', () => resolve())
      }),
  }
  const stop = new AbortController()
  const feedOn = (one: MarketFeed, book: MarketBook, epoch: number): Promise<void> =>
    feedVenue(
      {
        db: database.db,
        log: createLogger('silent'),
        ingest: { ...deps, book, monotonic: clock.monotonic },
        feed: one,
        symbols: builtInSymbols.filter((carried) => carried.symbol === symbol),
        depthOf: () => depth,
      },
      epoch,
      stop.signal,
    )
  const ended = feedOn(venue, deps.book, 1)
  const others: Promise<void>[] = []
  end = async () => {
    stop.abort()
    await Promise.all([ended, ...others])
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
    ended,
    /** What the venue is asked to tell of. */
    fed: () => fed,
    /** Another node takes the feed over, with a memory and a link of its own; gives what it hears with. */
    takeOver: async (): Promise<(at: number) => void> => {
      const owner = { node: 'second', isSimulated: false, sessionPid: 1, sessionStarted: '' }
      const epoch = await asWriter(database, (tx) => claimFeed(tx, 'binance', owner, clock.now()))
      const heard = Promise.withResolvers<FeedSink>()
      const run: MarketFeed['run'] = (_products, own, signal) =>
        new Promise((resolve) => {
          heard.resolve(own)
          signal.addEventListener('abort', () => resolve())
        })
      others.push(feedOn({ ...venue, run }, new MarketBook({ db: database.db }), epoch))
      const own = await heard.promise
      return (at) => own.bar(barOf(at))
    },
    /** The venue closes a minute, and nobody hears of it. */
    close: (at: number) => void closed.push(barOf(at)),
    /** The first node hears of a minute. */
    hear: (at: number) => sink.bar(barOf(at)),
    say: (state: FeedStatus['state']) => sink.status({ state, sinceMs: start, reason: null, untilMs: null }),
    feedStatus: async () => {
      const { rows } = await database.db.pool.query<{ status: string }>(
        `SELECT status FROM volatility.feed WHERE venue = 'binance'`,
      )
      return rows[0]?.status
    },
    status: async () => {
      const { rows } = await database.db.pool.query<{ status: string }>(
        'SELECT status FROM volatility.market',
      )
      return rows[0]?.status
    },
    stored: async () =>
      (await storedBars(database, symbol, '1m')).map(({ openMs }) => (openMs - start) / minuteMs),
  }
}

it('a-minute-that-is-whole-is-written-at-once: no timer goes off before what every symbol has told is stored', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
  try {
    const { clock, tell, stored } = await feed()
    clock.advance(minuteMs)
    tell(0)
    let found = await stored()
    // Not polled for, since that lets the timers go on.
    for (let look = 0; look < 500 && found.length === 0; look += 1) found = await stored()
    expect(found).toEqual([0])
  } finally {
    vi.useRealTimers()
  }
})

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

it('operator-symbols-are-checked-before-their-feed-starts: a venue that does not answer is asked again, and what it then does not list is fed no more', async () => {
  const answer: { listed?: readonly string[] } = {}
  const { clock, tell, stored, status, ended } = await feed(() => {
    if (answer.listed === undefined) throw new VenueError('unreachable', 'no answer in time')
    return answer.listed
  })
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
  expect(await status()).toBe('unverified')
  answer.listed = ['ETHUSDT']
  clock.advance(minuteMs)
  await ended
  expect(await status()).toBe('not_listed')
})

it('operator-symbols-are-checked-before-their-feed-starts: what a venue lists is fed, and noted as listed', async () => {
  const { clock, tell, stored, status } = await feed()
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
  expect(await status()).toBe('listed')
})

it('no-bar-is-lost-or-doubled-under-any-fault: a market whose history was not answered in time is asked about again, and fed', async () => {
  const { clock, tell, stored, fed } = await feed(undefined, 3)
  expect(fed()).toEqual(['BTCUSDT'])
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
})

it('feed-moves-to-another-node-within-ten-seconds: what closed while nobody listened is read, and a node that wakes up later writes nothing twice', async () => {
  const { clock, tell, close, hear, takeOver, stored, ended } = await feed()
  clock.advance(minuteMs)
  tell(0)
  await expect.poll(stored).toEqual([0])
  // The first node stands still: two minutes close meanwhile.
  clock.advance(2 * minuteMs)
  close(1)
  close(2)
  const hearOnOther = await takeOver()
  await expect.poll(stored).toEqual([0, 1, 2])
  clock.advance(minuteMs)
  close(3)
  // It wakes up and hears of everything, before and after the other one does.
  for (const at of [1, 2, 3]) hear(at)
  hearOnOther(3)
  await ended
  await expect.poll(stored).toEqual([0, 1, 2, 3])
  clock.advance(minuteMs)
  close(4)
  hearOnOther(4)
  await expect.poll(stored).toEqual([0, 1, 2, 3, 4])
})

it('how-a-feed-is-stays-known: what could not be written is by the next look, and the newest counts', async () => {
  const { say, feedStatus } = await feed()
  const { pool } = markets.database.db
  // A number that is taken stays taken, whatever becomes of the transaction.
  await pool.query(`
    CREATE SEQUENCE volatility.attempts;
    CREATE FUNCTION volatility.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
      'BEGIN PERFORM nextval(''volatility.attempts''); RAISE EXCEPTION ''Not now''; END';
    CREATE TRIGGER refuse BEFORE UPDATE ON volatility.feed FOR EACH ROW EXECUTE FUNCTION volatility.refuse()`)
  say('connecting')
  say('live')
  const attempts = async () => {
    const { rows } = await pool.query<{ is_called: boolean; last_value: string }>(
      'SELECT is_called, last_value FROM volatility.attempts',
    )
    return rows.map((row) => (row.is_called ? Number(row.last_value) : 0))[0]
  }
  await expect.poll(attempts).toBeGreaterThan(1)
  await pool.query('DROP TRIGGER refuse ON volatility.feed')
  await expect.poll(feedStatus).toBe('live')
  for (const state of ['down', 'connecting', 'backfilling', 'degraded'] as const) say(state)
  await expect.poll(feedStatus).toBe('degraded')
})
