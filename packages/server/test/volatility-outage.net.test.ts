import { systemClock } from '@gatehouse/kernel/clock'
import type { LimitStore } from '@gatehouse/kernel/limits'
import { type DatabaseProxy, proxyDatabase, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bearer, refusedSocket } from '../src/http/fixtures/socket-client.ts'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { marketsOn, toMinutes } from '../src/services/volatility/testing/test-markets.ts'
import type { Answer } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const minuteMs = 60_000
const bars = 400
/** Whoever has no key may ask sixty times a minute. */
const patience = { timeout: 90_000, interval: 2_000 }

let database: TestDatabase
let proxy: DatabaseProxy
let server: ComposedServer
let key: string
let areLimitsDown = false
let aheadMs = 0

beforeAll(async () => {
  database = await testDatabase()
  proxy = await proxyDatabase(database.url.reveal())
  server = await composeServer(
    { DATABASE_URL: proxy.url },
    {
      clock: { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs },
      wrapLimitStore: (store): LimitStore => ({
        ...store,
        take: (rule, subject, nowMs) =>
          areLimitsDown
            ? { admitted: false, because: 'store_unavailable', retryAfterSeconds: 1 }
            : store.take(rule, subject, nowMs),
      }),
    },
  )
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken), 'volatility')
  const first = Math.floor(Date.now() / minuteMs) * minuteMs - bars * minuteMs
  const drawn = drawBars('1m', bars, 11)
  const markets = await marketsOn(server, ['btcusdt'], Date.now())
  const openMs = drawn.openMs.map((_, bar) => first + bar * minuteMs)
  await markets.take('btcusdt', toMinutes({ ...drawn, openMs }))
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await database.drop()
})

const read = (credential?: string): Promise<Answer> =>
  server.client.send('/v1/regime/btcusdt', credential === undefined ? {} : { credential })

function expectUnavailable({ status, text, headers }: Answer): void {
  expect({ status, text }).toMatchObject({ status: 503 })
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(text).not.toMatch(/postgres|database|ECONN|127\.0\.0\.1/i)
}

const bodyOf = async (answer: Promise<Answer>) =>
  JSON.parse((await answer).text) as { readonly stale?: boolean }

it('regimes-outlast-the-database-for-a-minute: told to anybody, marked as stale, while whoever has a key is refused', async () => {
  await expect
    .poll(() => bodyOf(read()), patience)
    .toMatchObject({ regime: expect.any(String) as string, stale: false })
  const before = await bodyOf(read())
  await proxy.kill()
  await expect
    .poll(() => bodyOf(read()), patience)
    .toEqual({
      ...before,
      stale: true,
      status: 'stale',
    })
  expectUnavailable(await read(key))
  expectUnavailable(
    await server.client.send('/v1/webhooks', {
      credential: key,
      headers: { 'idempotency-key': 'once-while-it-is-gone' },
      body: { url: 'https://example.com/hook' },
    }),
  )
  expect(await refusedSocket(`${server.origin}/v1/stream`, ['gatehouse.v1'], bearer(key))).toMatchObject({
    status: 503,
  })
  // What nobody has heard of the database for longer says nothing any more.
  aheadMs = 61_000
  expectUnavailable(await read())
  await proxy.restore()
  await expect.poll(() => bodyOf(read()), patience).toMatchObject({ stale: false })
  await expect.poll(async () => (await read(key)).status, patience).toBe(200)
})

it('limits-that-nobody-can-read-refuse-regimes: with and without a key, and sockets too', async () => {
  areLimitsDown = true
  try {
    expectUnavailable(await read())
    expectUnavailable(await read(key))
    expect(await refusedSocket(`${server.origin}/v1/stream`, ['gatehouse.v1'], bearer(key))).toMatchObject({
      status: 503,
    })
  } finally {
    areLimitsDown = false
  }
  expect((await read()).status).toBe(200)
})

it('a-venue-that-is-down-keeps-its-last-state: told as stale, while the others agree without it, and the status says since when', async () => {
  const nowMs = Date.now()
  const downMs = nowMs - 10 * minuteMs
  const markets = await openFilledMarkets(server.db, nowMs)
  const untilMs = { binance: downMs, coinbase: nowMs, bybit: nowMs }
  for (const venue of ['binance', 'coinbase', 'bybit'] as const)
    await markets.fill(venue, 'ethusdt', '1m', barsUpTo(drawBars('1m', bars, 12), '1m', untilMs[venue]))
  await markets.stop()
  await server.db.pool.query(
    `UPDATE volatility.feed SET status = 'down', since_ms = $1, reason = 'status 503' WHERE venue = 'binance'`,
    [downMs],
  )
  const state = expect.stringMatching(/^(low|normal|high)$/) as string
  const lastMs = Math.floor(downMs / minuteMs) * minuteMs
  server.passMinute()
  const ask = (path: string) => server.client.ask<object>(path, { credential: key })
  await expect
    .poll(() => ask('/v1/regime/ethusdt'), patience)
    .toMatchObject({ regime: state, stale: true, status: 'stale', last_update_ms: lastMs })
  await expect
    .poll(() => ask('/v1/consensus/ethusdt'), patience)
    .toMatchObject({
      consensus: state,
      agreed: 2,
      available: 2,
      reason: 'unanimous',
      venues: {
        binance: { regime: state, error: 'feed_down', last_update_ms: lastMs },
        coinbase: { regime: state, error: null },
        bybit: { regime: state, error: null },
      },
    })
  expect(await ask('/v1/status')).toMatchObject({
    database: 'ok',
    venues: {
      binance: { status: 'down', since_ms: downMs, reason: 'status 503' },
      bybit: { status: 'live', reason: null },
    },
  })
})
