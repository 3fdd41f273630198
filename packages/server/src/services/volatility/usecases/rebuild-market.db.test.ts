import { afterEach, expect, it } from 'vitest'
import type { MinuteBar } from '../domain/minute-gate.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { testMarkets, type TestMarkets, toMinutes } from '../testing/test-markets.ts'
import { FormerOwner } from './ingest-minute.ts'
import { rebuildMarket } from './rebuild-market.ts'
import { replayMarket } from './replay-market.ts'

const minuteMs = intervalMs['1m']
const february = Date.UTC(2024, 1, 1)
/** Two days of January and one of February. */
const bars = toMinutes(drawBars('1m', 3 * 1_440, 5)).map((bar): MinuteBar => ({
  ...bar,
  openMs: bar.openMs + 29 * intervalMs['1d'],
}))
const until = (index: number): number => (bars[index]?.openMs ?? 0) + minuteMs

let markets: TestMarkets
afterEach(() => markets.database.drop())

const rowsOf = async (text: string): Promise<readonly Record<string, unknown>[]> =>
  (await markets.database.db.pool.query<Record<string, unknown>>(text)).rows

/** All that a market is, without its version and the numbers of its changes. */
async function wholeOf(symbol: string) {
  const of = `FROM volatility.series s JOIN volatility.market m USING (market_id)`
  return {
    series: await rowsOf(
      `SELECT timeframe, cursor_ms, last_open_ms, close, rv, baseline, sigma, z, ready_ms, state ${of}
        WHERE symbol = '${symbol}' ORDER BY timeframe`,
    ),
    machines: await rowsOf(
      `SELECT timeframe, preset, regime, run, entered_ms ${of} JOIN volatility.machine USING (series_id)
        WHERE symbol = '${symbol}' ORDER BY timeframe, preset`,
    ),
    transitions: await rowsOf(
      `SELECT timeframe, preset, ts_ms, from_regime, to_regime, t.z, t.rv, t.baseline, t.close, reason
         ${of} JOIN volatility.transition t ON t.series_id = s.series_id AND t.series_version = s.version
        WHERE symbol = '${symbol}' ORDER BY timeframe, preset, ts_ms`,
    ),
    checkpoints: await rowsOf(
      `SELECT timeframe, open_ms, c.state, c.machines
         ${of} JOIN volatility.checkpoint c ON c.series_id = s.series_id AND c.series_version = s.version
        WHERE symbol = '${symbol}' ORDER BY timeframe, open_ms`,
    ),
    bars: await rowsOf(
      `SELECT span, open_at, open, high, low, close, volume, minutes FROM (
         SELECT * FROM volatility.bar UNION ALL SELECT * FROM volatility.long_bar) b
         JOIN volatility.market USING (market_id) WHERE symbol = '${symbol}' ORDER BY span, open_at`,
    ),
  }
}

const take = (symbol: string, from: number, to: number, change: (bar: MinuteBar) => readonly MinuteBar[]) =>
  markets.take(symbol, bars.slice(from, to).flatMap(change), {
    covered: { fromMs: until(from - 1), toMs: until(to - 1) },
  })
const asIs = (bar: MinuteBar): readonly MinuteBar[] => [bar]

const idOf = (symbol: string): number => markets.find('binance', symbol).marketId
const rebuild = (symbol: string, onBars = (_bars: number): void => undefined) =>
  rebuildMarket({ db: markets.database.db, now: markets.clock.now, onBars }, idOf(symbol))
const differencesOf = async (symbol: string) =>
  (await replayMarket({ db: markets.database.db, onBars: () => undefined }, idOf(symbol))).flatMap(
    ({ timeframe, differences }) => differences.map((one) => `${timeframe}: ${one}`),
  )

/** One market that had every minute as it was, and one that had some otherwise, and one not at all. */
async function startTwo(): Promise<void> {
  markets = await testMarkets(['btcusdt', 'ethusdt'], until(bars.length - 1))
  await take('ethusdt', 0, 4_000, asIs)
  await take('btcusdt', 0, 4_000, (bar) => {
    if (bar.openMs === bars[700]?.openMs) return []
    return bar.openMs % (1_000 * minuteMs) === 0 ? [{ ...bar, close: bar.high }] : [bar]
  })
  // They come later as they were; one of them in two versions, of which the last stands.
  const first = bars.find(({ openMs }) => openMs % (1_000 * minuteMs) === 0)
  if (first !== undefined) await markets.take('btcusdt', [{ ...first, close: first.low }])
  await take('btcusdt', 0, 4_000, asIs)
}

it('live-restart-and-replay-agree-to-the-bit: what came too late is folded in, as if it had come in time', async () => {
  await startTwo()
  const [right, wrong] = [await wholeOf('ethusdt'), await wholeOf('btcusdt')]
  expect(wrong.series).not.toEqual(right.series)
  expect(await differencesOf('btcusdt')).toEqual([])
  const events = await rowsOf('SELECT seq FROM volatility.event')
  await rowsOf('UPDATE volatility.series SET tables_ms = 0')

  const rebuilt = await rebuild('btcusdt')
  expect(rebuilt).toMatchObject({ folded: 5, left: 0 })
  expect(rebuilt.series.map(({ version }) => version)).toEqual([2, 2, 2, 2, 2, 2])
  expect(await wholeOf('btcusdt')).toEqual(right)
  expect(await differencesOf('btcusdt')).toEqual([])
  expect(await rowsOf('SELECT seq FROM volatility.event')).toEqual(events)
  expect(
    await rowsOf(
      `SELECT DISTINCT version, tables_ms, last_open_ms = rebuilt_ms - 60000 AS "isThrough" FROM volatility.series
        JOIN volatility.market USING (market_id) WHERE symbol = 'btcusdt' AND timeframe = '1m'`,
    ),
  ).toEqual([{ version: 2, tables_ms: null, isThrough: true }])
  expect(await rowsOf('SELECT DISTINCT folded_in_version AS version FROM volatility.late_bar')).toEqual([
    { version: 2 },
  ])

  // Whoever fed it has lost its epoch, and goes on with the new series.
  await expect(take('btcusdt', 4_000, 4_010, asIs)).rejects.toThrow(FormerOwner)
  markets.epochs.set('binance', 2)
  await markets.restart()
  await take('btcusdt', 4_000, bars.length, asIs)
  await take('ethusdt', 4_000, bars.length, asIs)
  expect(await wholeOf('btcusdt')).toEqual(await wholeOf('ethusdt'))
})

it('a rebuild that ends in the middle has changed nothing, and one that is run again is as good as one', async () => {
  await startTwo()
  const before = await wholeOf('btcusdt')
  for (const endsAt of [1, 4, 7, 12]) {
    let called = 0
    const end = (): void => {
      called += 1
      if (called === endsAt) throw new Error('killed')
    }
    await expect(rebuild('btcusdt', end)).rejects.toThrow('killed')
    expect(await wholeOf('btcusdt')).toEqual(before)
  }
  await rebuild('btcusdt')
  const once = await wholeOf('btcusdt')
  expect(await rebuild('btcusdt')).toMatchObject({ folded: 0 })
  expect(await wholeOf('btcusdt')).toEqual(once)
})

it('live-restart-and-replay-agree-to-the-bit: from the checkpoint on, where the first minutes are no longer kept', async () => {
  await startTwo()
  await rebuild('btcusdt')
  const before = await wholeOf('btcusdt')
  markets.epochs.set('binance', 2)
  const early = bars[10]
  if (early !== undefined) await markets.take('ethusdt', [{ ...early, close: early.low }])
  await rowsOf(`DELETE FROM volatility.bar WHERE open_at < '2024-02-01T00:00:00Z'`)
  const replayed = await replayMarket({ db: markets.database.db, onBars: () => undefined }, idOf('btcusdt'))
  expect(replayed.map(({ timeframe, startMs }) => [timeframe, startMs])).toEqual([
    ['1m', february],
    ['5m', february],
    ['15m', null],
    ['1h', null],
    ['4h', null],
    ['1d', null],
  ])
  expect(await differencesOf('btcusdt')).toEqual([])
  await rebuild('btcusdt')
  const { bars: _dropped, ...rest } = await wholeOf('btcusdt')
  const { bars: _all, ...had } = before
  expect(rest).toEqual(had)
  expect(await differencesOf('btcusdt')).toEqual([])
  // What is older than what is kept stays where it is.
  expect(await rebuild('ethusdt')).toMatchObject({ folded: 0, left: 1 })
})

it('a replay says what is stored otherwise than the bars give it', async () => {
  await startTwo()
  await rowsOf(
    `UPDATE volatility.bar SET close = close * 1.001 WHERE span = 1 AND open_at = '2024-02-01T18:30:00Z'`,
  )
  expect(await differencesOf('btcusdt')).toContain('1m: windows')
  await rowsOf(`DELETE FROM volatility.transition WHERE preset = 'aggressive' AND seq IN (
    SELECT seq FROM volatility.transition JOIN volatility.series USING (series_id) WHERE timeframe = '5m')`)
  expect(await differencesOf('ethusdt')).toContainEqual(
    expect.stringMatching(/^5m: \d+ changes that are not stored$/),
  )
})
