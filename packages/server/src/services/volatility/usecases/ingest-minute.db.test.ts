import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { builtInPresets } from '../domain/built-in-presets.ts'
import type { MinuteBar } from '../domain/minute-gate.ts'
import { replayMachine, replaySeries } from '../domain/replay.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import {
  minute,
  storedBars,
  storedTransitions,
  testMarkets,
  type TestMarkets,
  toMinutes,
} from '../testing/test-markets.ts'
import { FormerOwner, ingestOwnBars } from './ingest-minute.ts'

const minuteMs = intervalMs['1m']
const day = Date.UTC(2026, 0, 5)
const at = (index: number): number => day + index * minuteMs

let markets: TestMarkets
afterEach(() => markets.database.drop())

const start = async (symbols: readonly string[] = ['btcusdt'], nowMs = day): Promise<TestMarkets> => {
  markets = await testMarkets(symbols, nowMs)
  return markets
}

/** Takes minutes as they come: each as soon as it has ended. */
async function live(bars: readonly MinuteBar[]): Promise<void> {
  for (const bar of bars) {
    markets.clock.set(bar.openMs + minuteMs + 300)
    await markets.take('btcusdt', [bar])
  }
}

const count = async (table: string): Promise<number> => {
  const { rows } = await markets.database.db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM volatility.${table}`,
  )
  return rows[0]?.count ?? -1
}

describe.runIf(isMarketDataThere)('the recorded month through the database', () => {
  it("published-method-reproduces-the-known-answers, and aggregated-bars-equal-the-venue's-own", async () => {
    const bars = toMinutes(readMarketBars('1m'))
    const last = bars.at(-1)?.openMs ?? 0
    await start(['btcusdt'], last + minuteMs)
    const first = bars[0]?.openMs ?? 0
    for (let from = 0; from < bars.length; from += 10_000) {
      const chunk = bars.slice(from, from + 10_000)
      await markets.take('btcusdt', chunk, {
        covered: { fromMs: chunk[0]?.openMs ?? first, toMs: (chunk.at(-1)?.openMs ?? last) + minuteMs },
      })
      if (from === 20_000) await markets.restart()
    }
    const balanced = await storedTransitions(markets.database, 'btcusdt', '1m', 'balanced')
    expect(balanced).toHaveLength(161)
    expect(balanced.slice(0, 5)).toEqual([
      '1733041680000 normal→high',
      '1733044860000 high→normal',
      '1733091300000 normal→high',
      '1733097660000 high→normal',
      '1733108040000 normal→low',
    ])
    expect(balanced.at(-1)).toBe('1735509720000 normal→high')
    expect(await storedTransitions(markets.database, 'btcusdt', '1m', 'conservative')).toHaveLength(76)
    expect(await storedTransitions(markets.database, 'btcusdt', '1m', 'aggressive')).toHaveLength(411)
    expect(await storedBars(markets.database, 'btcusdt', '1m')).toHaveLength(41_761)
    for (const [timeframe, whole] of [
      ['5m', 8_352],
      ['15m', 2_784],
      ['1h', 696],
      ['4h', 173],
      ['1d', 28],
    ] as const) {
      const built = await storedBars(markets.database, 'btcusdt', timeframe)
      const parts = intervalMs[timeframe] / minuteMs
      expect(built.filter(({ minutes }) => minutes === parts)).toHaveLength(whole)
    }
    const own = readMarketBars('15m')
    const built = new Map(
      (await storedBars(markets.database, 'btcusdt', '15m')).map((bar) => [bar.openMs, bar]),
    )
    let compared = 0
    for (const [bar, openMs] of own.openMs.entries()) {
      const found = built.get(openMs)
      if (found === undefined) continue
      compared += 1
      expect([found.open, found.high, found.low, found.close]).toEqual([
        own.opens[bar],
        own.highs[bar],
        own.lows[bar],
        own.closes[bar],
      ])
    }
    expect(compared).toBe(2_784)
  })
})

/** A walk in ticks, with holes; some of them longer than a series outlives. */
const market = fc
  .array(
    fc.record({
      step: fc.integer({ min: -40, max: 40 }),
      hole: fc.oneof(
        { weight: 60, arbitrary: fc.constant(0) },
        fc.integer({ min: 1, max: 4 }),
        fc.constant(250),
      ),
    }),
    { minLength: 330, maxLength: 420 },
  )
  .map((steps) => {
    let openMs = day
    let price = 10_000
    return steps.map(({ step, hole }) => {
      openMs += (1 + hole) * minuteMs
      const open = price
      price = Math.max(5_000, price + step)
      return minute(openMs, price, { open, high: Math.max(open, price) + 1, low: Math.min(open, price) - 1 })
    })
  })

describe('minutes of a market', () => {
  it('live-restart-and-replay-agree-to-the-bit: through the database, minute by minute and in bulk', async () => {
    await fc.assert(
      fc.asyncProperty(market, fc.integer({ min: 1, max: 300 }), async (bars, restartAt) => {
        await start(['btcusdt', 'ethusdt'], day)
        try {
          const until = (bars.at(-1)?.openMs ?? 0) + minuteMs
          markets.clock.set(until)
          const covered = { fromMs: bars[0]?.openMs ?? 0, toMs: until }
          // A minute at a time would take a minute of this test's own: pieces of seven are as good.
          for (let from = 0; from < bars.length; from += 7) {
            if (from <= restartAt && restartAt < from + 7) await markets.restart()
            const piece = bars.slice(from, from + 7)
            await markets.take('btcusdt', piece, {
              covered: { fromMs: covered.fromMs, toMs: (piece.at(-1)?.openMs ?? 0) + minuteMs },
            })
          }
          await markets.take('ethusdt', bars, { covered })
          const { rows } = await markets.database.db.pool.query<{
            symbol: string
            timeframe: string
            state: Buffer
          }>(
            `SELECT symbol, timeframe, state, close, rv, z FROM volatility.series JOIN volatility.market USING (market_id)
              WHERE state IS NOT NULL ORDER BY symbol, timeframe`,
          )
          const strip = (symbol: string) =>
            rows.filter((row) => row.symbol === symbol).map((row) => ({ ...row, symbol: '' }))
          expect(strip('btcusdt').length).toBeGreaterThan(3)
          expect(strip('ethusdt')).toEqual(strip('btcusdt'))
          const series = replaySeries('1m', {
            openMs: Float64Array.from(bars, ({ openMs }) => openMs),
            closes: Float64Array.from(bars, ({ close }) => close),
          })
          const { transitions } = replayMachine(
            {
              timeframe: '1m',
              openMs: Float64Array.from(bars, ({ openMs }) => openMs),
              z: series.z,
              resets: series.resets,
            },
            builtInPresets.aggressive,
          )
          expect(await storedTransitions(markets.database, 'btcusdt', '1m', 'aggressive')).toEqual(
            transitions.map(({ tsMs, from, to }) => `${tsMs} ${from}→${to}`),
          )
          const reading = markets.find('binance', 'btcusdt').market.tracker('1m').reading
          const z = series.z.at(-1) ?? Number.NaN
          expect(reading?.z ?? Number.NaN).toBe(z)
        } finally {
          await markets.database.drop()
        }
      }),
      { numRuns: 4, endOnFailure: true },
    )
    await start()
  })

  it('gaps-break-runs-and-never-make-returns: a flat market that jumps, with the minute after the jump missing', async () => {
    const flat = Array.from({ length: 331 }, (_, index) => minute(at(index), index < 300 ? 100 : 101))
    await start()
    markets.clock.set(at(400))
    await markets.take('btcusdt', flat.slice(0, 301))
    await markets.take('btcusdt', flat.slice(302), { covered: { fromMs: at(301), toMs: at(331) } })
    expect(await storedTransitions(markets.database, 'btcusdt', '1m', 'balanced')).toEqual([
      `${day + 18_300_000} normal→high`,
    ])
    const { rows } = await markets.database.db.pool.query(
      'SELECT from_ms::float8, to_ms::float8, reason FROM volatility.absence',
    )
    expect(rows).toEqual([{ from_ms: at(301), to_ms: at(302), reason: 'confirmed' }])
  })

  it('the cursor does not pass a hole before the venue was asked, or ten minutes went by', async () => {
    await start()
    markets.clock.set(at(2))
    await markets.take('btcusdt', [minute(at(0), 100)])
    markets.clock.set(at(4))
    await markets.take('btcusdt', [minute(at(2), 101), minute(at(3), 102)])
    expect(await count('bar')).toBe(1)
    const { gate } = markets.find('binance', 'btcusdt').market
    expect(gate.wanted()).toEqual({ fromMs: at(1), toMs: at(2) })
    markets.clock.set(at(4) + 599_999)
    await markets.take('btcusdt', [])
    expect(await count('bar')).toBe(1)
    markets.clock.set(at(4) + 600_000)
    await markets.take('btcusdt', [])
    expect((await storedBars(markets.database, 'btcusdt', '1m')).map(({ openMs }) => openMs)).toEqual([
      at(0),
      at(2),
      at(3),
    ])
    const { rows } = await markets.database.db.pool.query('SELECT reason FROM volatility.absence')
    expect(rows).toEqual([{ reason: 'given_up' }])
    await markets.take('btcusdt', [minute(at(1), 100.5, { origin: 'rest' })])
    expect(await count('bar')).toBe(3)
    expect(await count('late_bar')).toBe(1)
  })

  it('accepted-bars-never-change: a repeat is nothing, and another version is kept beside', async () => {
    await start()
    await live([minute(at(0), 100), minute(at(1), 101)])
    const before = await storedBars(markets.database, 'btcusdt', '1m')
    const state = await markets.database.db.pool.query(
      'SELECT state FROM volatility.series ORDER BY series_id',
    )
    expect(await markets.take('btcusdt', [minute(at(1), 101)])).toMatchObject({ accepted: 0, late: 0 })
    expect(await markets.take('btcusdt', [minute(at(1), 100.9), minute(at(0), 99)])).toMatchObject({
      late: 2,
    })
    await markets.restart()
    expect(await markets.take('btcusdt', [minute(at(1), 100.9)])).toMatchObject({ late: 1 })
    expect(await storedBars(markets.database, 'btcusdt', '1m')).toEqual(before)
    const after = await markets.database.db.pool.query(
      'SELECT state FROM volatility.series ORDER BY series_id',
    )
    expect(after.rows).toEqual(state.rows)
    expect(await count('late_bar')).toBe(2)
  })

  it('running-bars-never-count: nothing is taken before the venue says that it has ended', async () => {
    await start()
    markets.clock.set(at(1) - 2_001)
    expect(await markets.take('btcusdt', [minute(at(0), 100)])).toEqual({
      accepted: 0,
      refused: { not_closed: 1 },
      late: 0,
    })
    expect(await count('bar')).toBe(0)
    markets.clock.set(at(1) - 2_000)
    expect(await markets.take('btcusdt', [minute(at(0), 100)])).toMatchObject({ accepted: 1 })
  })

  it('a price that is far from the one before waits until the venue tells it again', async () => {
    await start()
    await live([minute(at(0), 100)])
    markets.clock.set(at(2))
    await markets.take('btcusdt', [minute(at(1), 1_000)])
    expect(await count('bar')).toBe(1)
    expect(markets.find('binance', 'btcusdt').market.gate.wanted()).toEqual({ fromMs: at(1), toMs: at(2) })
    await markets.take('btcusdt', [minute(at(1), 100.5, { origin: 'rest' })])
    expect((await storedBars(markets.database, 'btcusdt', '1m')).map(({ close }) => close)).toEqual([
      100, 100.5,
    ])
    markets.clock.set(at(3))
    await markets.take('btcusdt', [minute(at(2), 1_000)])
    markets.clock.set(at(3) + 10_001)
    await markets.take('btcusdt', [minute(at(3), 100)])
    expect(await count('bar')).toBe(2)
    markets.clock.set(at(4))
    await markets.take('btcusdt', [minute(at(3), 100)], { covered: { fromMs: at(2), toMs: at(3) } })
    expect((await storedBars(markets.database, 'btcusdt', '1m')).map(({ close }) => close)).toEqual([
      100, 100.5, 100,
    ])
  })

  it('a-former-owner-cannot-write: nothing of a batch is written under an older epoch', async () => {
    await start()
    await live([minute(at(0), 100)])
    await markets.database.db.pool.query('UPDATE volatility.feed SET epoch = 2')
    markets.clock.set(at(2))
    await expect(markets.take('btcusdt', [minute(at(1), 101)])).rejects.toThrow(FormerOwner)
    expect(await count('bar')).toBe(1)
    markets.epochs.set('binance', 2)
    await markets.deps.book.refresh()
    expect(await markets.take('btcusdt', [minute(at(1), 101)])).toMatchObject({ accepted: 1 })
    expect(await count('bar')).toBe(2)
  })

  it('no-bar-is-lost-or-doubled: whatever order, repeats and failed commits there are', async () => {
    const bars = Array.from({ length: 60 }, (_, index) => minute(at(index), 100 + (index % 7)))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(59), { minLength: 80, maxLength: 160 }),
        fc.nat(20),
        async (order, cutAt) => {
          await start(['btcusdt'], at(61))
          try {
            // The first minute comes first: without one before, a market begins where it begins.
            const told = [0, ...order].map((index) => bars[index] ?? minute(at(0), 100))
            for (let from = 0; from < told.length; from += 8) {
              const piece = told.slice(from, from + 8)
              if (from / 8 === cutAt) {
                await markets.database.db.pool.query('UPDATE volatility.feed SET epoch = 2')
                await markets
                  .take('btcusdt', piece)
                  .catch((error: unknown) => expect(error).toBeInstanceOf(FormerOwner))
                await markets.database.db.pool.query('UPDATE volatility.feed SET epoch = 1')
                await markets.deps.book.refresh()
              }
              await markets.take('btcusdt', piece)
            }
            const rest = bars.map((bar) => ({ ...bar, origin: 'rest' as const }))
            await markets.take('btcusdt', rest, { covered: { fromMs: at(0), toMs: at(60) } })
            expect(
              (await storedBars(markets.database, 'btcusdt', '1m')).map(({ openMs, close }) => [
                openMs,
                close,
              ]),
            ).toEqual(bars.map(({ openMs, close }) => [openMs, close]))
            expect(await count('late_bar')).toBe(0)
          } finally {
            await markets.database.drop()
          }
        },
      ),
      { numRuns: 5, endOnFailure: true },
    )
    await start()
  })

  it('a change is told once, with the number that it has in the history, and never of history itself', async () => {
    await start()
    const flat = Array.from({ length: 303 }, (_, index) => minute(at(index), index < 300 ? 100 : 101))
    await markets.database.db.pool.query('UPDATE volatility.market SET carried_since_ms = $1', [at(0)])
    await markets.restart()
    markets.clock.set(at(302) + 200)
    await markets.take('btcusdt', flat)
    const { rows } = await markets.database.db.pool.query<{ seq: string; body: Record<string, unknown> }>(
      'SELECT seq, body FROM volatility.event ORDER BY seq',
    )
    expect(rows.map(({ body }) => body)).toMatchObject([
      { type: 'regime.transition', preset: 'aggressive', from: 'normal', to: 'high', late: false, seq: 1 },
      { preset: 'balanced', ts_ms: at(302), symbol: 'btcusdt', timeframe: '1m', venue: 'binance', seq: 2 },
    ])
    expect(markets.ingested.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1, 2])
    await markets.database.db.pool.query('UPDATE volatility.market SET carried_since_ms = $1', [at(1_000)])
    await markets.restart()
    await live(Array.from({ length: 60 }, (_, index) => minute(at(303 + index), 101)))
    expect(await storedTransitions(markets.database, 'btcusdt', '1m', 'aggressive')).toHaveLength(2)
    expect(await count('event')).toBe(2)
  })

  it('history of a longer timeframe is what the venue made, and goes on with what is made of minutes', async () => {
    await start()
    const hour = intervalMs['1h']
    const own = Array.from({ length: 24 }, (_, index) =>
      minute(day - (24 - index) * hour, 100 + index, { origin: 'rest' }),
    )
    const booked = markets.find('binance', 'btcusdt')
    expect(await ingestOwnBars(markets.deps, booked, '1h', own, markets.epochs)).toMatchObject({
      accepted: 24,
    })
    expect(await ingestOwnBars(markets.deps, booked, '1h', own, markets.epochs)).toMatchObject({
      accepted: 0,
    })
    markets.clock.set(at(60))
    await markets.take(
      'btcusdt',
      Array.from({ length: 60 }, (_, index) => minute(at(index), 124)),
    )
    expect(
      (await storedBars(markets.database, 'btcusdt', '1h')).map(({ close, minutes }) => [close, minutes]),
    ).toEqual(Array.from({ length: 25 }, (_, index) => [100 + index, 60]))
    expect(markets.find('binance', 'btcusdt').market.tracker('1h').barsUntilReady).toBe(269 - 24)
  })
})
