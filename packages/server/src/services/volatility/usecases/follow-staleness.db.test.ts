import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { minute, testMarkets, type TestMarkets } from '../testing/test-markets.ts'
import { followStaleness } from './follow-staleness.ts'

const day = Date.UTC(2026, 0, 5)
const minuteMs = 60_000

let markets: TestMarkets
afterEach(() => markets.database.drop())

it('stale-feeds-say-so-and-recover: once of each spell, at the boundary, whichever node looks', async () => {
  markets = await testMarkets(['btcusdt', 'ethusdt'], day)
  const stale = new Set<number>()
  const look = (known = stale) =>
    followStaleness(markets.deps, 'binance', [markets.find('binance', 'btcusdt')], known, 1)
  const told = async () => {
    const { rows } = await markets.database.db.pool.query<{ body: Record<string, unknown> }>(
      'SELECT body FROM volatility.event ORDER BY seq',
    )
    return rows.map(({ body }) => [body['type'], body['symbol'], body['last_update_ms']])
  }
  markets.clock.set(day + minuteMs)
  await look()
  await markets.take('btcusdt', [minute(day, 100)])
  markets.clock.set(day + minuteMs + 150_000)
  await look()
  expect(await told()).toEqual([])
  markets.clock.advance(1)
  await look()
  await look()
  // A node that takes over knows nothing yet.
  await look(new Set())
  const first = ['regime.stale', 'btcusdt', day + minuteMs]
  expect(await told()).toEqual([first])
  await markets.take(
    'btcusdt',
    [1, 2, 3].map((index) => minute(day + index * minuteMs, 100, { origin: 'rest' })),
  )
  await look()
  await look()
  expect(await told()).toEqual([first, ['regime.recovered', 'btcusdt', day + 3 * minuteMs]])
})

it('a-receiver-hears-of-silence: who subscribed to stale symbols has a delivery of each spell, and nobody else', async () => {
  markets = await testMarkets(['btcusdt'], day)
  const { pool } = markets.database.db
  const orgId = randomUUID()
  await pool.query(
    `INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at) VALUES ($1, 'Acme', $2, now(), now())`,
    [orgId, orgId],
  )
  await pool.query(
    `INSERT INTO volatility.subscription (org_id, number, id, kind, shown, sealed_target, events, symbols, timeframes,
       to_regimes, preset, method, description, state, created_at)
     SELECT $1, number, id, 'https', 'x', 'x', events::text[], symbols::text[], '{1m}', '{high}', 'balanced', 'published',
            '', 'active', now()
       FROM (VALUES (1, 'both', '{regime.stale,regime.recovered}', '{}'), (2, 'changes', '{regime.transition}', '{}'),
                    (3, 'other symbol', '{regime.stale}', '{ethusdt}')) AS given (number, id, events, symbols)`,
    [orgId],
  )
  const stale = new Set<number>()
  const look = () => followStaleness(markets.deps, 'binance', [markets.find('binance', 'btcusdt')], stale, 1)
  markets.clock.set(day + minuteMs)
  await markets.take('btcusdt', [minute(day, 100)])
  markets.clock.set(day + minuteMs + 150_001)
  await look()
  await markets.take(
    'btcusdt',
    [1, 2, 3].map((index) => minute(day + index * minuteMs, 100, { origin: 'rest' })),
  )
  markets.clock.advance(1)
  await look()
  const { rows } = await pool.query<{ text: string }>(
    `SELECT destination_id || ' ' || event || ' ' || (body::jsonb ->> 'symbol') AS text
       FROM gatehouse.delivery ORDER BY id`,
  )
  expect(rows.map(({ text }) => text)).toEqual(['both regime.stale btcusdt', 'both regime.recovered btcusdt'])
})
