import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getSeries, listRegimes } from '../contract/regime.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { barsUntil } from '../fixtures/cut-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { type FilledMarkets, startFilledMarkets } from '../testing/filled-markets.ts'
import { withPreset } from './choose-preset.ts'
import { exportSeries } from './export-series.ts'
import { makeDueTables } from './make-day-tables.ts'
import { readRegimes } from './read-regime.ts'
import { readSeries } from './read-series.ts'

const minuteMs = 60_000
const asked = { timeframe: '1m', method: 'published' } as const
const visitor = { kind: 'visitor', ip: '192.0.2.1' } as const
const close = (value: number): unknown => expect.closeTo(value, 9)

type Stored = {
  readonly day_ms: string
  readonly made_after_ms: string
  readonly bars: number
  readonly q10: number
  readonly q90: number
  readonly counts: readonly number[]
}

describe.runIf(isMarketDataThere)('confidence-is-frozen-at-midnight-and-beats-its-base-rate', () => {
  const minutes = readMarketBars('1m')
  const lastEndMs = 1_735_513_260_000

  const make = ({ deps }: FilledMarkets) => makeDueTables(deps, new Map(), new AbortController().signal)
  const storedTables = async ({ deps }: FilledMarkets): Promise<readonly Stored[]> =>
    (await deps.db.pool.query<Stored>('SELECT * FROM volatility.day_table ORDER BY day_ms')).rows

  async function snapshotOf({ deps }: FilledMarkets, preset: string) {
    const query = await withPreset(deps, visitor, { ...asked, preset, symbols: ['btcusdt'] })
    const reply = await readRegimes(deps, query)
    return listRegimes.reply.schema.parse(reply).regimes[0]
  }

  /** What `/series` says of bars that end in [from, to), by their ends. */
  async function seriesOf({ deps }: FilledMarkets, preset: string, from: number, to: number) {
    const query = await withPreset(deps, visitor, {
      ...asked,
      preset,
      limit: 1_000,
      from_ms: from,
      to_ms: to,
    })
    const reply = getSeries.reply.schema.parse(await readSeries(deps, 'btcusdt', query))
    const { ts_ms: ends, confidence } = reply
    return new Map(ends.map((end, bar) => [end, confidence[bar]]))
  }

  async function exportOf({ deps }: FilledMarkets, preset: string, from: number, to: number) {
    // Safe: an export asks its caller for the org alone.
    const caller = { orgId: 'any' } as KeyPrincipal
    const { body } = await exportSeries(
      deps,
      new Set(),
      caller,
      'btcusdt',
      {
        ...asked,
        preset,
        format: 'csv',
        from_ms: from - minuteMs,
        to_ms: to - minuteMs,
        columns: ['ts_ms', 'confidence'],
      },
      undefined,
    )
    if (!(body instanceof Readable)) throw new Error('An export comes as a stream')
    const [, ...lines] = (await text(body)).trimEnd().split('\n')
    return new Map(
      lines.map((line) => {
        const [end, confidence] = line.split(',')
        return [Number(end), confidence === '' ? null : Number(confidence)]
      }),
    )
  }

  describe('of a month that was history when the instance began', () => {
    let markets: FilledMarkets

    beforeAll(async () => {
      markets = await startFilledMarkets(lastEndMs)
      await markets.fill('binance', 'btcusdt', '1m', minutes)
      await make(markets)
      await markets.deps.board.refresh()
    }, 120_000)
    afterAll(() => markets?.stop())

    it('every day that has enough bars has its table, and is not given another', async () => {
      const tables = await storedTables(markets)
      expect(tables).toHaveLength(25)
      expect([tables.at(0), tables.at(-1)]).toMatchObject([
        {
          day_ms: String(Date.UTC(2024, 11, 5)),
          bars: 5_514,
          q10: close(0.1951714287),
          q90: close(0.6735086338),
        },
        {
          day_ms: String(Date.UTC(2024, 11, 29)),
          bars: 40_074,
          q10: close(0.2275933512),
          q90: close(0.7787552565),
        },
      ])
      await make(markets)
      expect(await storedTables(markets)).toEqual(tables)
    })

    it('the newest bar and one of weeks ago have what is known of them', async () => {
      expect(await snapshotOf(markets, 'balanced')).toMatchObject({
        regime: 'high',
        last_update_ms: lastEndMs,
        confidence: close(0.0526063072),
        probabilities: { normal: close(0.9415482235) },
        confidence_sample: 2_003,
        confidence_table_ms: Date.UTC(2024, 11, 29),
        confidence_reason: null,
      })
      const end = 1_733_607_600_000 + minuteMs
      expect(await seriesOf(markets, 'balanced', end, end + 1)).toEqual(new Map([[end, close(0.9531762809)]]))
    })

    it('snapshots, series and exports say the same to the bit', async () => {
      const [from, to] = [lastEndMs - 900 * minuteMs, lastEndMs + 1]
      for (const preset of ['conservative', 'balanced', 'aggressive']) {
        const series = await seriesOf(markets, preset, from, to)
        expect(series.size).toBe(901)
        expect(await exportOf(markets, preset, from, to)).toEqual(series)
        expect(series.get(lastEndMs)).toBe((await snapshotOf(markets, preset))?.confidence)
      }
    })
  })

  describe('of bars that somebody was told of', () => {
    const carriedSinceMs = Date.UTC(2024, 11, 10, 12)
    const midnight = Date.UTC(2024, 11, 11)
    const lateMs = midnight + 3 * minuteMs
    const untilMs = midnight + 12 * 60 * minuteMs
    let markets: FilledMarkets

    const between = (fromMs: number, toMs: number): OhlcColumns => {
      const ended = barsUntil(minutes, toMs)
      const first = ended.openMs.findIndex((openMs) => openMs + minuteMs > fromMs)
      const cut = (column: Float64Array): Float64Array => column.subarray(first)
      return {
        openMs: cut(ended.openMs),
        opens: cut(ended.opens),
        highs: cut(ended.highs),
        lows: cut(ended.lows),
        closes: cut(ended.closes),
        volumes: cut(ended.volumes),
      }
    }

    beforeAll(async () => {
      markets = await startFilledMarkets(carriedSinceMs)
      await markets.fill('binance', 'btcusdt', '1m', between(0, carriedSinceMs))
      await make(markets)
      markets.clock.set(lateMs)
      await markets.fill('binance', 'btcusdt', '1m', between(carriedSinceMs, lateMs))
    }, 120_000)
    afterAll(() => markets?.stop())

    it('a table that comes late says nothing of bars that were told without it', async () => {
      const toldWithout = await snapshotOf(markets, 'balanced')
      expect(toldWithout).toMatchObject({ confidence: null, confidence_reason: 'no_table' })
      await make(markets)
      await markets.deps.board.refresh()
      expect(await snapshotOf(markets, 'balanced')).toEqual(toldWithout)
      markets.clock.set(untilMs)
      await markets.fill('binance', 'btcusdt', '1m', between(lateMs, untilMs))
      const series = await seriesOf(markets, 'balanced', midnight, untilMs + 1)
      const without = [...series].flatMap(([end, confidence]) => (confidence === null ? [end] : []))
      expect(without).toEqual([1, 2, 3].map((minute) => midnight + minute * minuteMs))
      expect(series.get(untilMs)).toBe((await snapshotOf(markets, 'balanced'))?.confidence)
      expect(await exportOf(markets, 'balanced', midnight, untilMs + 1)).toEqual(series)
    })

    it('a change is told with the confidence that its bar has everywhere', async () => {
      const { rows } = await markets.deps.db.pool.query<{
        body: { preset: string; ts_ms: number; confidence: number | null }
      }>('SELECT body FROM volatility.event ORDER BY seq')
      const told = rows.map(({ body }) => body)
      expect(told.filter(({ confidence }) => confidence !== null).length).toBeGreaterThan(5)
      for (const { preset, ts_ms: end, confidence } of told)
        expect((await seriesOf(markets, preset, end, end + 1)).get(end)).toBe(confidence)
    })

    it('a table is made of nothing that came after its midnight', async () => {
      const tables = await storedTables(markets)
      const [last] = tables.slice(-1)
      expect(Number(last?.day_ms)).toBe(midnight)
      expect(Number(last?.made_after_ms)).toBe(lateMs)
      const later = await startFilledMarkets(lastEndMs)
      try {
        await later.fill('binance', 'btcusdt', '1m', minutes)
        await make(later)
        const same = (await storedTables(later)).find(({ day_ms: day }) => day === last?.day_ms)
        expect(same).toEqual({ ...last, made_after_ms: same?.made_after_ms, series_id: expect.any(Number) })
        expect(Number(same?.made_after_ms)).toBe(lastEndMs)
      } finally {
        await later.stop()
      }
    }, 120_000)
  })
})
