import { monitorEventLoopDelay } from 'node:perf_hooks'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { builtInSymbols } from '../../packages/server/src/services/volatility/domain/symbols.ts'
import { intervalMs } from '../../packages/server/src/services/volatility/domain/timeframe.ts'
import { type Venue, venues } from '../../packages/server/src/services/volatility/domain/venue.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { ensureMarkets } from '../../packages/server/src/services/volatility/store/load-markets.ts'
import { toMinutes } from '../../packages/server/src/services/volatility/testing/test-markets.ts'
import { ensureBarPartitions } from '../../packages/server/src/services/volatility/usecases/bar-partitions.ts'
import {
  type IngestDeps,
  ingestMinutes,
  type Offer,
} from '../../packages/server/src/services/volatility/usecases/ingest-minute.ts'
import { MarketBook } from '../../packages/server/src/services/volatility/usecases/market-book.ts'
import { alone, type Benchmark } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const hourMs = intervalMs['1h']
const seed = 20_261_201
/** The series are warm by then, and the day ends within the hours that are measured. */
const hoursBefore = 20
const hoursMeasured = 8
const goals = { commitMs: 200, loopMs: 20 } as const

/**
 * The minute boundary: the closed bars of twenty symbols at three venues, with every longer bar that ends then, their
 * series, machines, changes and events in one commit. Measured at ends of hours, one of which ends a day.
 */
export const regimeMinute: Benchmark = async ({ profilePath, note }) => {
  const database = await startThrowAwayDatabase()
  try {
    const world = await openWorld(database.db)
    const minutes = (hoursBefore + hoursMeasured) * 60
    note(`regime-minute: ${minutes} minutes of 60 markets, seed ${seed}`)
    const drawn = world.markets.map((_, index) => toMinutes(drawBars('1m', minutes, seed + index)))
    const offersOf = (from: number, to: number): readonly Offer[] =>
      world.markets.map((booked, index) => ({ booked, bars: (drawn[index] ?? []).slice(from, to) }))
    await ensureBarPartitions(database.db, drawn[0] ?? [])
    const take = (from: number, to: number) => ingestMinutes(world.deps, offersOf(from, to), world.epochs)
    await take(0, hoursBefore * 60)
    const loop = monitorEventLoopDelay({ resolution: 1 })
    const commits = await profiled(profilePath, async () => {
      const tookMs: number[] = []
      for (let hour = hoursBefore; hour < hoursBefore + hoursMeasured; hour += 1) {
        const last = (hour + 1) * 60 - 1
        await take(hour * 60, last)
        loop.enable()
        const startedMs = performance.now()
        const { accepted } = await take(last, last + 1)
        tookMs.push(performance.now() - startedMs)
        loop.disable()
        if (accepted < 4 * world.markets.length) throw new Error('Bars of an hour did not close')
      }
      return tookMs
    })
    const worst = Math.max(...commits)
    const delay = loop.percentile(99) / 1e6
    note(`regime-minute: the median of ${commits.length} hours is ${median(commits).toFixed(0)} ms`)
    return [
      alone(
        {
          name: 'regime-minute',
          unit: 'ms for 60 bars and what ends with them, built-in presets, worst',
          goal: '< 200',
        },
        worst,
        worst < goals.commitMs,
      ),
      alone(
        { name: 'regime-minute-loop', unit: 'ms of event-loop delay meanwhile, p99', goal: '< 20' },
        delay,
        delay < goals.loopMs,
      ),
    ]
  } finally {
    await database.stop()
  }
}

async function openWorld(db: Database) {
  const nowMs = Date.UTC(2024, 0, 3) + hourMs
  await asWriter({ db }, (tx) =>
    ensureMarkets(
      tx,
      builtInSymbols.flatMap(({ symbol, kind, venues: products }) =>
        venues.flatMap((venue) => {
          const product = products[venue]
          return product === undefined ? [] : [{ venue, symbol, kind, product }]
        }),
      ),
      0,
    ),
  )
  const book = new MarketBook({ db })
  const epochs = new Map<Venue, number>(venues.map((venue) => [venue, 1]))
  for (const venue of venues)
    await db.pool.query(
      `INSERT INTO volatility.feed (venue, epoch, since_ms, status) VALUES ($1, 1, 0, 'live')`,
      [venue],
    )
  const loaded = []
  for (const venue of venues) loaded.push(...(await book.load(venue)))
  const deps: IngestDeps = {
    db,
    book,
    now: () => nowMs,
    monotonic: () => nowMs,
    venueNow: () => nowMs,
    isPrimary: (venue) => venue === 'binance',
    alongside: [],
    onCommit: () => undefined,
  }
  return { deps, epochs, markets: loaded }
}
