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
