import { asWriter, type Database } from '@gatehouse/kernel/db'
import { PreparedReply, RawReply, type RequestContext, WithHeaders } from '@gatehouse/kernel/endpoint'
import { fakeClock, type FakeClock, testDatabase } from '@gatehouse/kernel/testing'
import { createComputePool } from '../compute/compute-pool.ts'
import type { BacktestBody } from '../contract/backtest.ts'
import { volatilityEndpoints } from '../contract/endpoints.ts'
import type { ComputingDeps } from '../deps.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { builtInSymbols } from '../domain/symbols.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { type Venue, venues } from '../domain/venue.ts'
import { analyticsHandlers } from '../handlers/analytics-handlers.ts'
import { volatilityPolicy } from '../policy.ts'
import { ensureMarkets } from '../store/load-markets.ts'
import { ensureBarPartitions } from '../usecases/bar-partitions.ts'
import { Board } from '../usecases/board.ts'
import { type Reader, withPreset } from '../usecases/choose-preset.ts'
import { createHistoryCache } from '../usecases/history-cache.ts'
import { type IngestDeps, ingestOwnBars } from '../usecases/ingest-minute.ts'
import { MarketBook } from '../usecases/market-book.ts'
import { runBacktest } from '../usecases/run-backtest.ts'

export type Asked = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
}

type Reply = Readonly<Record<string, unknown>>

/**
 * The service's computations on a database of their own, called through the contract, so that invalid requests and
 * replies fail.
 */
export type FilledMarkets = {
  readonly deps: ComputingDeps
  readonly clock: FakeClock
  /** Stores bars, and updates the resulting series. */
  readonly fill: (venue: Venue, symbol: string, timeframe: Timeframe, bars: OhlcColumns) => Promise<void>
  readonly ask: (id: string, asked: Asked) => Promise<Reply>
  readonly headersOf: (id: string, asked: Asked) => Promise<Reply>
  /** The handlers by endpoint id. */
  readonly handlers: object
  /** Discards the venue's markets in memory, like an owner that restarts. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

const barsPerCommit = 20_000
const epoch = 1

export async function startFilledMarkets(nowMs: number): Promise<FilledMarkets> {
  const { db, drop } = await testDatabase()
  const markets = await openFilledMarkets(db, nowMs)
  return {
    ...markets,
    stop: async () => {
      await markets.stop()
      await drop()
    },
  }
}

/** The same on an existing database. */
export async function openFilledMarkets(db: Database, nowMs: number): Promise<FilledMarkets> {
  const clock = fakeClock(nowMs)
  const compute = createComputePool(60_000, 1)
  const board = new Board({ db, clock })
  const book = new MarketBook({ db })
  await asWriter({ db }, (tx) =>
    ensureMarkets(
      tx,
      builtInSymbols.flatMap(({ symbol, kind, venues: products }) =>
        venues.flatMap((venue) => {
          const product = products[venue]
          return product === undefined ? [] : [{ venue, symbol, kind, product }]
        }),
      ),
      nowMs,
    ),
  )
  for (const venue of venues) {
    await db.pool.query(
      `INSERT INTO volatility.feed (venue, epoch, since_ms, status) VALUES ($1, $2, 0, 'live')
       ON CONFLICT (venue) DO UPDATE SET epoch = excluded.epoch, status = excluded.status`,
      [venue, epoch],
    )
    await book.load(venue)
  }
  await board.refresh()
  const ingest: IngestDeps = {
    db,
    book,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    venueNow: () => clock.now(),
    isPrimary: (venue, symbol) => builtInSymbols.find((one) => one.symbol === symbol)?.primary === venue,
    alongside: [],
    onCommit: (ingested) => board.apply(ingested),
  }
  const deps: ComputingDeps = {
    db,
    clock,
    board,
    compute,
    histories: createHistoryCache(volatilityPolicy.historyBarsMax),
    publicUrl: () => 'https://gatehouse.example',
  }
  const handlers = {
    ...analyticsHandlers(deps),
    // Plan limits are tested where plans are available.
    runBacktest: async (caller: Reader, { body }: { readonly body: BacktestBody }) =>
      runBacktest(deps, await withPreset(deps, caller, body)),
    runSymbolBacktest: async (
      caller: Reader,
      {
        params,
        body,
      }: { readonly params: { readonly symbol: string }; readonly body: Omit<BacktestBody, 'symbol'> },
    ) => runBacktest(deps, { ...params, ...(await withPreset(deps, caller, body)) }),
  }
  const call = askThrough(handlers, { kind: 'visitor', ip: '192.0.2.1' })
  return {
    deps,
    clock,
    handlers,
    fill: async (venue, symbol, timeframe, bars) => {
      const booked = book.find(venue, symbol)
      if (booked === undefined) throw new Error(`${venue} has no market ${symbol}`)
      for (let from = 0; from < bars.openMs.length; from += barsPerCommit) {
        const minutes = toMinutes(bars, from)
        await ensureBarPartitions(db, minutes)
        await ingestOwnBars(ingest, booked, timeframe, minutes, new Map([[venue, epoch]]))
      }
    },
    ask: async (id, asked) => {
      const reply = await call(id, asked)
      // Safe: every computation replies with an object.
      return (reply instanceof WithHeaders ? reply.value : reply) as Reply
    },
    headersOf: async (id, asked) => {
      const reply = await call(id, asked)
      return reply instanceof WithHeaders ? reply.headers : {}
    },
    restart: async () => {
      for (const venue of venues) await book.load(venue)
    },
    stop: () => compute.stop(),
  }
}

/** Calls handlers as the pipeline does and returns their replies; what violates the contract fails. */
export function askThrough(handlers: object, caller: Reader): (id: string, asked: Asked) => Promise<unknown> {
  return async (id, { params, query, body }) => {
    const endpoint = volatilityEndpoints.find((one) => one.id === id)
    const handle = Object.entries(handlers).find(([name]) => name === id)?.[1]
    if (endpoint === undefined || handle === undefined) throw new Error(`There is no endpoint ${id}`)
    const input = {
      params: 'params' in endpoint ? endpoint.params.parse(params ?? {}) : undefined,
      query: 'query' in endpoint ? endpoint.query.parse(query ?? {}) : undefined,
      body: 'body' in endpoint ? endpoint.body.parse(body ?? {}) : undefined,
    }
    // Safe: the input is parsed by the endpoint's own schemas, as the pipeline does.
    const answer = handle as (caller: object, input: object, context: RequestContext) => unknown
    const reply = await answer(caller, input, nothing)
    const value =
      reply instanceof WithHeaders
        ? reply.value
        : reply instanceof PreparedReply
          ? (JSON.parse(reply.body) as unknown)
          : reply
    if (reply instanceof RawReply) return reply
    if ('schema' in endpoint.reply) endpoint.reply.schema?.parse(value)
    return reply instanceof PreparedReply ? value : reply
  }
}

// Safe: the computations use only the accepted encodings of the request.
const nothing = { header: () => undefined } as unknown as RequestContext

function toMinutes({ openMs, opens, highs, lows, closes, volumes }: OhlcColumns, from: number) {
  return Array.from(openMs.subarray(from, from + barsPerCommit), (at, index) => {
    const bar = from + index
    return {
      openMs: at,
      open: opens[bar] ?? 0,
      high: highs[bar] ?? 0,
      low: lows[bar] ?? 0,
      close: closes[bar] ?? 0,
      volume: volumes[bar] ?? 0,
      quoteVolume: null,
      trades: null,
      origin: 'rest' as const,
      filled: false,
    }
  })
}
