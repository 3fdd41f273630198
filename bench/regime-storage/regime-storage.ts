import { asGate, asWriter, type Database } from '@gatehouse/kernel/db'
import type { AcceptedBar } from '../../packages/server/src/services/volatility/domain/market.ts'
import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { listBarColumns } from '../../packages/server/src/services/volatility/store/bar-columns-store.ts'
import { insertBars } from '../../packages/server/src/services/volatility/store/ingest-store.ts'
import { ensureMarkets } from '../../packages/server/src/services/volatility/store/load-markets.ts'
import { ensureBarPartitions } from '../../packages/server/src/services/volatility/usecases/bar-partitions.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const minuteMs = 60_000
const minutesPerDay = 1_440
const seed = 20_261_130
const barsPerInsert = 10_000
const barsPerRead = 10_080
const reads = 40
/** A tenth of what is kept shows how both figures grow. */
const sizes = [
  { days: 40, suffix: '-0.1x' },
  { days: 400, suffix: '' },
] as const
const goals = { bytesPerBar: 90, rowsPerSecond: 500_000 } as const

/** What a minute costs on disk with its index, and how fast a week of minutes is read. */
export const regimeStorage: Benchmark = async ({ profilePath, note }) => {
  const measured: Measured[] = []
  for (const { days, suffix } of sizes) {
    const bars = days * minutesPerDay
    note(`regime-storage${suffix}: storing ${bars.toLocaleString('en')} minutes, seed ${seed}`)
    const database = await startThrowAwayDatabase()
    try {
      const { db } = database
      const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
      const marketId = await fill(db, bars, endMs)
      measured.push(await measureSize(db, bars, suffix))
      const run = (): Promise<number> => readRate(db, marketId, endMs - bars * minuteMs, bars)
      await run()
      const rate = suffix === '' ? await profiled(profilePath, run) : await run()
      measured.push(
        alone(
          {
            name: `regime-storage-read${suffix}`,
            unit: `rows/s, reads of ${barsPerRead}`,
            goal: '≥ 500,000',
          },
          rate,
          rate >= goals.rowsPerSecond,
        ),
      )
    } finally {
      await database.stop()
    }
  }
  return measured
}

/** Stores minutes in the order in which they end, as a feed does. */
async function fill(db: Database, bars: number, endMs: number): Promise<number> {
  const market = { venue: 'binance', symbol: 'btcusdt', kind: 'spot', product: 'BTCUSDT' } as const
  await asWriter({ db }, (tx) => ensureMarkets(tx, [market], endMs))
  const { rows } = await db.pool.query<{ market_id: number }>('SELECT market_id FROM volatility.market')
  const marketId = rows[0]?.market_id ?? 0
  const { openMs, opens, highs, lows, closes } = barsUpTo(drawBars('1m', bars, seed), '1m', endMs)
  for (let from = 0; from < bars; from += barsPerInsert) {
    const some = Array.from(openMs.subarray(from, from + barsPerInsert), (at, index): AcceptedBar => {
      const bar = from + index
      const close = closes[bar] ?? 0
      return {
        openMs: at,
        open: opens[bar] ?? 0,
        high: highs[bar] ?? 0,
        low: lows[bar] ?? 0,
        close,
        volume: bar % 1_000,
        quoteVolume: close * (bar % 1_000),
        trades: bar % 500,
        origin: 'stream',
        filled: false,
        timeframe: '1m',
        parts: 1,
      }
    })
    await ensureBarPartitions(db, some)
    await asWriter({ db }, (tx) =>
      insertBars(
        tx,
        some.map((bar) => ({ ...bar, marketId })),
      ),
    )
  }
  return marketId
}

async function measureSize(db: Database, bars: number, suffix: string): Promise<Measured> {
  const { rows } = await db.pool.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(inhrelid)) AS bytes FROM pg_inherits WHERE inhparent = 'volatility.bar'::regclass`,
  )
  const perBar = Number(rows[0]?.bytes ?? 0) / bars
  return alone(
    { name: `regime-storage${suffix}`, unit: 'bytes a bar, with its index', goal: '≤ 90' },
    perBar,
    perBar <= goals.bytesPerBar,
  )
}

/** Rows a second over reads that begin all over the range. */
async function readRate(db: Database, marketId: number, firstMs: number, bars: number): Promise<number> {
  const tookMs: number[] = []
  for (let read = 0; read < reads; read += 1) {
    const first = Math.floor(((bars - barsPerRead) * read) / reads)
    const afterMs = firstMs + first * minuteMs - 1
    const startedMs = performance.now()
    const columns = await asGate({ db }, (tx) =>
      listBarColumns(tx, marketId, { timeframe: '1m', afterMs, barsMax: barsPerRead }, [
        'open',
        'high',
        'low',
        'close',
      ]),
    )
    tookMs.push(performance.now() - startedMs)
    if (columns.openMs.length !== barsPerRead) throw new Error('A read found fewer bars than are there')
  }
  return barsPerRead / (median(tookMs) / 1_000)
}
