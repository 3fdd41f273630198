import { afterAll, expect, it } from 'vitest'
import { createComputePool } from '../compute/compute-pool.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { storedBars, testMarkets, toMinutes } from '../testing/test-markets.ts'
import { ensureBarPartitions } from './bar-partitions.ts'
import { ingestMinutes } from './ingest-minute.ts'
import { makeTablesOf } from './make-day-tables.ts'
import type { BookedMarket } from './market-book.ts'

const minuteMs = intervalMs['1m']
const compute = createComputePool(60_000, 1)
afterAll(() => compute.stop())

it('confidence-is-frozen-at-midnight-and-beats-its-base-rate: a bar waits for the tables of its day, and is told with them', async () => {
  const told = toMinutes(drawBars('1m', 6.5 * 1_440, 9))
  const endOf = (index: number): number => (told[index]?.openMs ?? 0) + minuteMs
  const carriedSinceMs = endOf(4.5 * 1_440 - 1)
  const markets = await testMarkets(['btcusdt'], endOf(told.length - 1))
  try {
    await markets.database.db.pool.query('UPDATE volatility.market SET carried_since_ms = $1', [
      carriedSinceMs,
    ])
    await markets.restart()
    const asked: number[] = []
    const deps = {
      ...markets.deps,
      makeTables: async (booked: BookedMarket, midnightMs: number) => {
        asked.push(midnightMs)
        await makeTablesOf({ db: markets.database.db, compute }, booked, midnightMs)
      },
    }
    for (const [from, to] of [
      [0, 4.5],
      [4.5, 5.2],
      [5.2, 6.1],
      [6.1, 6.5],
    ] as const) {
      const bars = told.slice(from * 1_440, to * 1_440)
      await ensureBarPartitions(markets.database.db, bars)
      await ingestMinutes(deps, [{ booked: markets.find('binance', 'btcusdt'), bars }], markets.epochs)
    }
    expect(await storedBars(markets.database, 'btcusdt', '1m')).toHaveLength(told.length)
    // Once for each day; the first of them is the one in which it was first carried.
    expect(asked).toEqual([4, 5, 6].map((days) => (told[0]?.openMs ?? 0) + days * intervalMs['1d']))
    const { rows } = await markets.database.db.pool.query<{ ts: number; confidence: number | null }>(
      `SELECT (body->>'ts_ms')::float8 AS ts, (body->>'confidence')::float8 AS confidence
         FROM volatility.event WHERE body->>'timeframe' = '1m' ORDER BY seq`,
    )
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter(({ confidence }) => confidence === null)).toEqual([])
  } finally {
    await markets.database.drop()
  }
}, 60_000)
