import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { createLogger } from '@gatehouse/kernel/log'
import { fakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { minuteMs, startFeedWorld, startMinuteMs, type FeedWorld } from '../fixtures/feed-world.ts'
import { type DerivativeName, feedDerivative } from './feed-derivative.ts'
import { Board } from './board.ts'
import { readFunding, readIvGap } from './read-derivatives.ts'

let database: TestDatabase
let world: FeedWorld
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
afterEach(async () => {
  await world.close()
  await database.db.pool.query('TRUNCATE volatility.reading, volatility.feed')
})

const egress = createEgress({ allow: noAllowance })
const log = createLogger('silent')

async function claim(name: DerivativeName, epoch: number): Promise<void> {
  await database.db.pool.query(
    `INSERT INTO volatility.feed (venue, epoch, since_ms) VALUES ($1, $2, 0)
         ON CONFLICT (venue) DO UPDATE SET epoch = excluded.epoch`,
    [name, epoch],
  )
}

async function feed(
  name: DerivativeName,
  epoch: number,
): Promise<{ stop: () => Promise<void>; ended: Promise<void> }> {
  const controller = new AbortController()
  const { simulator, timeline } = world
  const ended = feedDerivative(
    {
      db: database.db,
      log,
      egress: { ...egress, ...world.egress },
      timeline,
      random: () => 0.5,
      products: name === 'dvol' ? ['BTC', 'ETH'] : ['BTCUSDT', 'TONUSDT'],
      origin: name === 'dvol' ? simulator.deribit : simulator.hosts.bybit.perp.rest,
      status: () => undefined,
    },
    name,
    epoch,
    controller.signal,
  )
  return {
    ended,
    stop: async () => {
      controller.abort()
      await ended
    },
  }
}

const readings = async (kind: string): Promise<number> => {
  const { rows } = await database.db.pool.query<{ count: string }>(
    'SELECT count(*) FROM volatility.reading WHERE kind = $1',
    [kind],
  )
  return Number(rows[0]?.count)
}

/** Lets simulated time go by until something of the database holds: its answers take real time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(async () => {
      await world.advance(100)
      return holds()
    })
    .toBe(true)
}

const deps = (derivativeFeeds: readonly ('funding' | 'dvol')[] = ['funding', 'dvol']) => {
  const clock = fakeClock(world.timeline.now())
  return { db: database.db, clock, derivativeFeeds, board: new Board({ db: database.db, clock }) }
}

it('derivative-feeds-need-no-key-and-move-no-regime: readings are kept once, by the owner alone', async () => {
  world = await startFeedWorld()
  await claim('dvol', 1)
  await database.db.pool.query(
    `INSERT INTO volatility.reading (kind, product, at, figures)
     SELECT 'dvol', product, $1, '{"close": 50}' FROM unnest(ARRAY['BTC', 'ETH']) AS product`,
    [new Date(startMinuteMs - 101 * minuteMs)],
  )
  const first = await feed('dvol', 1)
  await until(async () => (await readings('dvol')) === 2 * 101)
  await first.stop()
  // Started again, it goes on from the last that is kept.
  const second = await feed('dvol', 1)
  await until(async () => (await readings('dvol')) > 2 * 101)
  // Somebody else owns the feed: what this one still writes is refused, and it ends.
  await claim('dvol', 2)
  const before = await readings('dvol')
  const ended = { is: false }
  void second.ended.then(() => (ended.is = true))
  await until(async () => {
    await world.advance(minuteMs)
    return ended.is
  })
  expect(await readings('dvol')).toBe(before)
  const { rows } = await database.db.pool.query(
    'SELECT 1 FROM volatility.series UNION SELECT 1 FROM volatility.transition',
  )
  expect(rows).toEqual([])
})

it('funding is told with what was settled, or why it is not', async () => {
  world = await startFeedWorld()
  await expect(readFunding(deps(), 'btcusdt')).rejects.toMatchObject({ code: 'feed_unavailable' })
  await claim('funding', 1)
  const running = await feed('funding', 1)
  await until(async () => (await readings('funding')) > 0 && (await readings('settled')) === 200)
  await running.stop()
  const reply = await readFunding(deps(), 'btcusdt')
  expect(reply).toMatchObject({
    symbol: 'btcusdt',
    venue: 'bybit',
    product: 'BTCUSDT',
    interval_minutes: 480,
    next_funding_ms: Date.UTC(2026, 0, 5, 16),
  })
  expect(reply.annualized).toBeCloseTo(reply.funding_rate * 1_095, 12)
  expect(reply.history.map(({ ts_ms }) => ts_ms).slice(0, 2)).toEqual([
    Date.UTC(2026, 0, 5, 8),
    Date.UTC(2026, 0, 5, 0),
  ])
  expect(reply.history).toHaveLength(21)
  expect(reply.mean_rate).toBeCloseTo(reply.history.reduce((sum, { rate }) => sum + rate, 0) / 21, 12)
  expect(await readFunding(deps(), 'btcusdt-perp')).toMatchObject({ product: 'BTCUSDT' })
  await expect(readFunding(deps(), 'tonusdt')).rejects.toMatchObject({ code: 'not_offered' })
  await expect(readFunding(deps(['dvol']), 'btcusdt')).rejects.toMatchObject({ code: 'not_offered' })
  await expect(readFunding(deps(), 'nosuchusdt')).rejects.toMatchObject({ code: 'symbol_not_found' })
  const later = deps()
  later.clock.advance(600_000 + minuteMs)
  await expect(readFunding(later, 'btcusdt')).rejects.toMatchObject({ code: 'feed_unavailable' })
})

it('implied volatility is told of two symbols, beside a series that is warm', async () => {
  world = await startFeedWorld()
  await database.db.pool.query(
    `INSERT INTO volatility.reading (kind, product, at, figures) VALUES ('dvol', 'BTC', $1, '{"close": 58.4}')`,
    [new Date(startMinuteMs - minuteMs)],
  )
  const asked = deps()
  await expect(readIvGap(asked, 'btcusdt')).rejects.toMatchObject({ code: 'series_warming_up' })
  await expect(readIvGap(asked, 'solusdt')).rejects.toMatchObject({ code: 'not_offered' })
  await expect(readIvGap(deps(['funding']), 'btcusdt')).rejects.toMatchObject({ code: 'not_offered' })
  await expect(readIvGap(asked, 'ethusdt')).rejects.toMatchObject({ code: 'feed_unavailable' })
})
