import { randomUUID } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { builtInSymbols } from '../../packages/server/src/services/volatility/domain/symbols.ts'
import { intervalMs } from '../../packages/server/src/services/volatility/domain/timeframe.ts'
import { type Venue, venues } from '../../packages/server/src/services/volatility/domain/venue.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { ensureMarkets } from '../../packages/server/src/services/volatility/store/load-markets.ts'
import { toMinutes } from '../../packages/server/src/services/volatility/testing/test-markets.ts'
import { ensureBarPartitions } from '../../packages/server/src/services/volatility/usecases/bar-partitions.ts'
import { beginOwnMachines } from '../../packages/server/src/services/volatility/usecases/begin-own-machines.ts'
import { createHistoryCache } from '../../packages/server/src/services/volatility/usecases/history-cache.ts'
import {
  type IngestDeps,
  ingestMinutes,
  type Offer,
} from '../../packages/server/src/services/volatility/usecases/ingest-minute.ts'
import {
  type BookedMarket,
  MarketBook,
} from '../../packages/server/src/services/volatility/usecases/market-book.ts'
import { createOwnMachines } from '../../packages/server/src/services/volatility/usecases/move-own-machines.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const hourMs = intervalMs['1h']
const seed = 20_261_201
/** The series are warm by then, and the day ends within the hours that are measured. */
const hoursBefore = 20
const hoursMeasured = 8
/** Presets that organisations made, each of which follows every symbol on every timeframe. */
const ownPresets = [100, 1_000] as const
const hoursPerCount = 4
const presetsPerOrg = 500
/** Before and after each minute, so that what it does first and last is seen as a delay, too. */
const settleMs = 5
const goals = { commitMs: 200, loopMs: 20 } as const

/**
 * The minute boundary: the closed bars of twenty symbols at three venues, with every longer bar that ends then, their
 * series, machines, changes and events in one commit. Measured at ends of hours, one of which ends a day.
 */
export const regimeMinute: Benchmark = async ({ profilePath, note }) => {
  const database = await startThrowAwayDatabase()
  try {
    const world = await openWorld(database.db)
    const minutes = (hoursBefore + hoursMeasured + ownPresets.length * hoursPerCount) * 60
    note(`regime-minute: ${minutes} minutes of 60 markets, seed ${seed}`)
    const drawn = world.markets.map((_, index) => toMinutes(drawBars('1m', minutes, seed + index)))
    const offersOf = (from: number, to: number): readonly Offer[] =>
      world.markets.map((booked, index) => ({ booked, bars: (drawn[index] ?? []).slice(from, to) }))
    await ensureBarPartitions(database.db, drawn[0] ?? [])
    const take = (from: number, to: number) => ingestMinutes(world.deps, offersOf(from, to), world.epochs)
    await take(0, hoursBefore * 60)
    const measure = async (fromHour: number, hours: number): Promise<Boundary> => {
      const delayMs: number[] = []
      const tookMs: number[] = []
      for (let hour = fromHour; hour < fromHour + hours; hour += 1) {
        const last = (hour + 1) * 60 - 1
        await take(hour * 60, last)
        // One of its own for each minute: one that is started again counts the time between as a delay.
        const loop = monitorEventLoopDelay({ resolution: 1 })
        loop.enable()
        await wait(settleMs)
        const startedMs = performance.now()
        const { accepted } = await take(last, last + 1)
        tookMs.push(performance.now() - startedMs)
        await wait(settleMs)
        loop.disable()
        delayMs.push(loop.percentile(99) / 1e6)
        if (accepted < 4 * world.markets.length) throw new Error('Bars of an hour did not close')
      }
      note(
        `regime-minute: medians of ${hours} hours: ${median(tookMs).toFixed(0)} ms, the loop ${median(delayMs).toFixed(0)} ms`,
      )
      return { worstMs: Math.max(...tookMs), delayMs: Math.max(...delayMs) }
    }
    const builtIn = await profiled(profilePath, () => measure(hoursBefore, hoursMeasured))
    const owned: Measured[] = []
    for (const [at, count] of ownPresets.entries()) {
      note(`regime-minute: ${count.toLocaleString('en')} presets of organisations begin`)
      await world.addPresets(count - (ownPresets[at - 1] ?? 0))
      const { worstMs } = await measure(hoursBefore + hoursMeasured + at * hoursPerCount, hoursPerCount)
      owned.push(
        alone(
          {
            name: `regime-minute-own-${count}`,
            unit: `ms for the same, with ${count.toLocaleString('en')} presets of organisations, worst`,
            goal: '< 200',
          },
          worstMs,
          worstMs < goals.commitMs,
        ),
      )
    }
    return [
      alone(
        {
          name: 'regime-minute',
          unit: 'ms for 60 bars and what ends with them, built-in presets, worst',
          goal: '< 200',
        },
        builtIn.worstMs,
        builtIn.worstMs < goals.commitMs,
      ),
      alone(
        {
          name: 'regime-minute-loop',
          unit: 'ms of event-loop delay meanwhile, p99 of the worst minute',
          goal: '< 20',
        },
        builtIn.delayMs,
        builtIn.delayMs < goals.loopMs,
      ),
      ...owned,
    ]
  } finally {
    await database.stop()
  }
}

type Boundary = { readonly worstMs: number; readonly delayMs: number }

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
  const loaded: BookedMarket[] = []
  for (const venue of venues) loaded.push(...(await book.load(venue)))
  const isPrimary = (venue: Venue): boolean => venue === 'binance'
  const own = createOwnMachines(isPrimary)
  const begin = {
    db,
    histories: createHistoryCache(1_000_000),
    now: () => nowMs,
    primaries: () => loaded.filter(({ venue }) => isPrimary(venue)),
  }
  const deps: IngestDeps = {
    db,
    book,
    now: () => nowMs,
    monotonic: () => nowMs,
    venueNow: () => nowMs,
    isPrimary,
    alongside: [own.move],
    onCommit: own.onCommit,
  }
  return {
    deps,
    epochs,
    markets: loaded,
    addPresets: async (count: number): Promise<void> => {
      for (let from = 0; from < count; from += presetsPerOrg)
        await insertPresets(db, Math.min(presetsPerOrg, count - from), nowMs)
      await beginOwnMachines(begin, new Map(), new AbortController().signal)
    },
  }
}

/** An organisation with presets that differ in what they take for high and low. */
async function insertPresets(db: Database, count: number, nowMs: number): Promise<void> {
  const orgId = randomUUID()
  const at = new Date(nowMs)
  await db.pool.query(
    `INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at) VALUES ($1, 'bench', $2, $3, $3)`,
    [orgId, orgId, at],
  )
  await db.pool.query(
    `INSERT INTO volatility.preset_version
     SELECT $1, 'bench-' || n, 1, 'published', 1.5 + n * 0.003, 0.5, -1.5 - n * 0.003, -0.5, 2, 8, NULL, $3
       FROM generate_series(1, $2::int) n`,
    [orgId, count, at],
  )
  await db.pool.query(
    `INSERT INTO volatility.preset SELECT $1, 'bench-' || n, 'bench-' || n, 1 FROM generate_series(1, $2::int) n`,
    [orgId, count],
  )
  await db.pool.query('INSERT INTO volatility.preset_head VALUES ($1, 1)', [orgId])
}
