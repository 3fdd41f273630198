import { asWriter } from '@gatehouse/kernel/db'
import { fakeClock, type FakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import type { MinuteBar } from '../domain/minute-gate.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { ensureMarkets } from '../store/load-markets.ts'
import { type IngestDeps, type Ingested, ingestMinutes, type Offer } from '../usecases/ingest-minute.ts'
import { ensureBarPartitions } from '../usecases/bar-partitions.ts'
import { type BookedMarket, MarketBook } from '../usecases/market-book.ts'

export type TestMarkets<D extends Pick<TestDatabase, 'db'> = TestDatabase> = {
  readonly database: D
  readonly clock: FakeClock
  readonly deps: IngestDeps
  readonly ingested: Ingested[]
  readonly epochs: Map<Venue, number>
  readonly find: (venue: Venue, symbol: string) => BookedMarket
  /** Discards what is in memory, like a node that restarts. */
  readonly restart: () => Promise<void>
  readonly take: (
    symbol: string,
    bars: readonly MinuteBar[],
    offer?: Partial<Offer>,
  ) => ReturnType<typeof ingestMinutes>
}

/** Markets of Binance on a database of their own, used only by the test. */
export async function testMarkets(
  symbols: readonly string[],
  nowMs: number,
  also: Partial<IngestDeps> = {},
): Promise<TestMarkets> {
  return marketsOn(await testDatabase(), symbols, nowMs, also)
}

/** The same on an existing database, such as a server's. */
export async function marketsOn<D extends Pick<TestDatabase, 'db'>>(
  database: D,
  symbols: readonly string[],
  nowMs: number,
  also: Partial<IngestDeps> = {},
): Promise<TestMarkets<D>> {
  const clock = fakeClock(nowMs)
  const { db } = database
  const venue = 'binance'
  await asWriter({ db }, (tx) =>
    ensureMarkets(
      tx,
      symbols.map((symbol) => ({ venue, symbol, kind: 'spot', product: symbol.toUpperCase() })),
      0,
    ),
  )
  await db.pool.query(
    `INSERT INTO volatility.feed (venue, epoch, since_ms, status) VALUES ('binance', 1, 0, 'live')`,
  )
  const book = new MarketBook({ db })
  await book.load(venue)
  const ingested: Ingested[] = []
  const epochs = new Map<Venue, number>([[venue, 1]])
  const deps: IngestDeps = {
    db,
    book,
    now: clock.now,
    monotonic: clock.now,
    venueNow: clock.now,
    isPrimary: () => true,
    alongside: [],
    onCommit: (one) => void ingested.push(one),
    ...also,
  }
  const find = (of: Venue, symbol: string): BookedMarket => {
    const found = book.find(of, symbol)
    if (found === undefined) throw new Error(`${symbol} is not carried`)
    return found
  }
  return {
    database,
    clock,
    deps,
    ingested,
    epochs,
    find,
    restart: async () => void (await book.load(venue)),
    take: async (symbol, bars, offer = {}) => {
      await ensureBarPartitions(db, bars)
      return ingestMinutes(deps, [{ booked: find(venue, symbol), bars, ...offer }], epochs)
    },
  }
}

/** A minute without movement. */
export function minute(openMs: number, close: number, rest: Partial<MinuteBar> = {}): MinuteBar {
  return {
    openMs,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
    quoteVolume: close,
    trades: 1,
    origin: 'stream',
    filled: false,
    ...rest,
  }
}

/** The bars of a recorded file as a venue returns them. */
export function toMinutes(bars: OhlcColumns): readonly MinuteBar[] {
  return Array.from(bars.openMs, (openMs, bar) => ({
    openMs,
    open: bars.opens[bar] ?? 0,
    high: bars.highs[bar] ?? 0,
    low: bars.lows[bar] ?? 0,
    close: bars.closes[bar] ?? 0,
    volume: bars.volumes[bar] ?? 0,
    quoteVolume: null,
    trades: null,
    origin: 'rest',
    filled: false,
  }))
}

export type StoredBar = Pick<MinuteBar, 'openMs' | 'open' | 'high' | 'low' | 'close' | 'volume'> & {
  readonly minutes: number
}

/** The stored bars of a market, oldest first. */
export async function storedBars(
  { db }: Pick<TestDatabase, 'db'>,
  symbol: string,
  timeframe: Timeframe,
): Promise<readonly StoredBar[]> {
  const isShort = timeframe === '1m' || timeframe === '5m'
  const { rows } = await db.pool.query<StoredBar>(
    `SELECT (extract(epoch FROM open_at) * 1000)::float8 AS "openMs", open, high, low, close, volume, minutes
       FROM volatility.${isShort ? 'bar' : 'long_bar'} JOIN volatility.market USING (market_id)
      WHERE symbol = $1 AND span = $2 ORDER BY open_at`,
    [symbol, intervalMs[timeframe] / 60_000],
  )
  return rows
}

/** The stored changes of a series as `tsMs from→to`. */
export async function storedTransitions(
  { db }: Pick<TestDatabase, 'db'>,
  symbol: string,
  timeframe: Timeframe,
  preset: string,
): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ text: string }>(
    `SELECT ts_ms || ' ' || from_regime || '→' || to_regime AS text
       FROM volatility.transition JOIN volatility.series USING (series_id) JOIN volatility.market USING (market_id)
      WHERE symbol = $1 AND timeframe = $2 AND preset = $3 ORDER BY ts_ms`,
    [symbol, timeframe, preset],
  )
  return rows.map(({ text }) => text)
}
