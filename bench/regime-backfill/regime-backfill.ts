import { systemTimeline } from '@gatehouse/kernel/clock'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../packages/server/src/embedded/simulator-process.ts'
import { ensureMarkets } from '../../packages/server/src/services/volatility/store/load-markets.ts'
import {
  backfillMarket,
  type Depth,
} from '../../packages/server/src/services/volatility/usecases/backfill.ts'
import type { IngestDeps } from '../../packages/server/src/services/volatility/usecases/ingest-minute.ts'
import {
  type BookedMarket,
  MarketBook,
} from '../../packages/server/src/services/volatility/usecases/market-book.ts'
import { createMarketFeed } from '../../packages/server/src/services/volatility/venues/create-market-feed.ts'
import { type Benchmark, compare, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median, type Pair } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const seed = 20_261_130
const rowsOneByOne = 5_000
const pairsMeasured = 5
const goal = 50_000
const sizes = [
  { minutes: 12_000, suffix: '-0.1x' },
  { minutes: 120_000, suffix: '' },
] as const

/**
 * The history of a market from a simulated venue over HTTP until it is stored and its six series stand: pages of a thousand
 * bars are asked for, read, judged, put in order, made into longer bars, replayed and committed.
 */
export const regimeBackfill: Benchmark = async ({ profilePath, note }) => {
  const simulator = await startSimulatorProcess({ seed, symbols: ['btcusdt'] })
  const measured: Measured[] = []
  try {
    for (const { minutes, suffix } of sizes) {
      note(`regime-backfill${suffix}: ${minutes.toLocaleString('en')} minutes, seed ${seed}`)
      const pairs: Pair[] = []
      const measure = async (): Promise<void> => {
        while (pairs.length < pairsMeasured) pairs.push(await measurePair(simulator, minutes))
      }
      await (suffix === '' ? profiled(profilePath, measure) : measure())
      const rate = median(pairs.map(({ ours }) => ours))
      const about = {
        name: `regime-backfill${suffix}`,
        unit: 'minutes/s, from the simulator to the six series',
        goal: '≥ 50,000',
        peerName: 'a row per insert, stored and nothing more',
      }
      const peer = median(pairs.map((pair) => pair.peer))
      measured.push(compare(about, pairs, { ours: rate, peer }, () => rate >= goal))
    }
  } finally {
    await simulator.stop()
  }
  return measured
}

/** Each on a database that has nothing yet. */
async function measurePair(simulator: Pick<SimulatorProcess, 'hosts'>, minutes: number): Promise<Pair> {
  const database = await startThrowAwayDatabase()
  try {
    const ours = await backfillRate(database.db, simulator, minutes)
    return { ours, peer: await singleRate(database.db) }
  } finally {
    await database.stop()
  }
}

async function backfillRate(
  db: Database,
  { hosts }: Pick<SimulatorProcess, 'hosts'>,
  minutes: number,
): Promise<number> {
  const egress = createEgress({ allow: noAllowance })
  try {
    const { booked, book } = await openMarket(db)
    const feed = createMarketFeed('binance', {
      egress,
      timeline: systemTimeline,
      random: Math.random,
      lastStoredMs: () => Promise.resolve(0),
      note: () => undefined,
      hosts: hosts.binance,
    })
    const ingest: IngestDeps = {
      db,
      book,
      now: Date.now,
      monotonic: () => performance.now(),
      venueNow: Date.now,
      isPrimary: () => true,
      alongside: [],
      onCommit: () => undefined,
    }
    const depth: Depth = { '1m': minutes, '5m': 0, '15m': 0, '1h': 0, '4h': 0, '1d': 0 }
    const product = { symbol: 'btcusdt', kind: 'spot', code: 'BTCUSDT' } as const
    const never = new AbortController().signal
    const startedMs = performance.now()
    await backfillMarket(
      { db, ingest, feed, inTurn: (work) => work() },
      booked,
      product,
      depth,
      new Map([['binance', 1]]),
      never,
    )
    const seconds = (performance.now() - startedMs) / 1_000
    const { rows } = await db.pool.query<{ bars: number }>(
      'SELECT count(*)::int AS bars FROM volatility.bar WHERE span = 1',
    )
    const stored = rows[0]?.bars ?? 0
    if (stored < minutes) throw new Error(`Of ${minutes} minutes ${stored} were stored`)
    return stored / seconds
  } finally {
    egress.close()
  }
}

async function openMarket(
  db: Database,
): Promise<{ readonly booked: BookedMarket; readonly book: MarketBook }> {
  const market = { venue: 'binance', symbol: 'btcusdt', kind: 'spot', product: 'BTCUSDT' } as const
  await asWriter({ db }, (tx) => ensureMarkets(tx, [market], Date.now()))
  await db.pool.query(
    `INSERT INTO volatility.feed (venue, epoch, since_ms, status) VALUES ('binance', 1, 0, 'live')`,
  )
  const book = new MarketBook({ db })
  const [booked] = await book.load('binance')
  if (booked === undefined) throw new Error('There is no market')
  return { booked, book }
}

/** Bars a second where each is a statement of its own, in one transaction. */
async function singleRate(db: Database): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('CREATE TEMP TABLE single (LIKE volatility.bar INCLUDING ALL)')
    const startedMs = performance.now()
    for (let index = 0; index < rowsOneByOne; index += 1)
      await client.query(
        `INSERT INTO single (open_at, open, high, low, close, volume, market_id, span, minutes, origin, filled)
         VALUES (to_timestamp($1), $2, $2, $2, $2, 1, 1, 1, 1, 0, false)`,
        [index * 60, 100],
      )
    const rate = rowsOneByOne / ((performance.now() - startedMs) / 1_000)
    await client.query('ROLLBACK')
    return rate
  } finally {
    client.release()
  }
}
