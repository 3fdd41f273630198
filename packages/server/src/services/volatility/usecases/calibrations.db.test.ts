import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { asGate, asWriter } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CalibrationReport } from '../calibration/calibrate.ts'
import { calibrateAside } from '../calibration/calibrate-aside.ts'
import { qualityReply, rangeReply } from '../contract/quality.ts'
import { getHistory, getSeries, regimeReply } from '../contract/regime.ts'
import { builtInPresets } from '../domain/built-in-presets.ts'
import { regimeAfter } from '../domain/classified-series.ts'
import { fitHar, garmanKlassVariances, harRegressors, spreadOf } from '../domain/har-gk.ts'
import { barsAhead, smoothAhead, volatilityAhead } from '../domain/labels.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { replaySeries } from '../domain/replay.ts'
import { SeriesTracker, type TrackedPreset } from '../domain/series-tracker.ts'
import { builtInTracked } from '../domain/tracked-presets.ts'
import { barsUntil, cutBars } from '../fixtures/cut-bars.ts'
import { drawBars } from '../fixtures/drawn-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { insertCalibration, listOpenProposals, type StoredCalibration } from '../store/calibration-store.ts'
import { encodeTracker } from '../store/tracker-codec.ts'
import { type FilledMarkets, startFilledMarkets } from '../testing/filled-markets.ts'
import { adoptPresets } from './adopt-presets.ts'
import { applyCalibration, declineCalibration } from './apply-calibration.ts'
import { calibrateSeries } from './calibrate-series.ts'
import { historyKinds } from './history-cache.ts'
import { makeDueTables } from './make-day-tables.ts'
import { makeDueRangeTables } from './make-range-tables.ts'
import { measureDueQuality } from './measure-live-quality.ts'
import { readClassified, findSeries } from './read-classified.ts'
import { createQualityReader } from './read-quality.ts'
import { createRangeReader } from './read-range.ts'
import { readHistory, readRegime } from './read-regime.ts'
import { readSeries } from './read-series.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const { signal } = new AbortController()
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const audit = createAuditLog({ id: 'test-1', privateKey, publicKey })

const bars = drawBars('1m', 9 * 1_440 + 10, 7)
const firstMs = bars.openMs[0] ?? 0
const calibratedAt = firstMs + 6 * dayMs
const asked = { symbol: 'btcusdt', timeframe: '1m', venue: undefined } as const

describe('a calibration of stored bars', () => {
  let markets: FilledMarkets
  let calibrations: readonly StoredCalibration[] = []
  let report: CalibrationReport

  const decided = () => ({ ...markets.deps, audit })
  const fill = async (fromMs: number, toMs: number): Promise<void> => {
    markets.clock.set(toMs)
    await markets.fill('binance', 'btcusdt', '1m', between(bars, fromMs, toMs))
  }
  const rows = async <Row extends object>(text: string): Promise<readonly Row[]> =>
    (await markets.deps.db.pool.query<Row>(text)).rows
  const calibrationOf = (method: string): StoredCalibration => {
    const found = calibrations.find((one) => one.method === method)
    if (found === undefined) throw new Error(`${method} was not calibrated`)
    return found
  }
  /** A preset that something was fitted for. */
  const presetOf = (method: string) => {
    const found = Object.entries(calibrationOf(method).presets).find(([, best]) => best !== null)
    if (found === undefined) throw new Error(`Nothing lies in any band of ${method}`)
    return found[0]
  }
  const readQuality = async (query: { readonly preset: string; readonly method: string }) => {
    const { body } = await createQualityReader(markets.deps)({ ...asked, preset: query })
    return qualityReply.parse(JSON.parse(body))
  }
  const classified = (preset: string, method: string) =>
    readClassified(
      markets.deps,
      findSeries(markets.deps, { ...asked, preset: { preset, method } }),
      historyKinds.ranges,
    )

  beforeAll(async () => {
    markets = await startFilledMarkets(calibratedAt)
    await fill(0, calibratedAt)
    const entrants = ['published-fixed', 'published', 'har-gk', 'rv-level', 'always-normal'] as const
    const made = await calibrateSeries(
      markets.deps,
      {
        ...asked,
        venue: 'binance',
        days: 180,
        trainDays: 3,
        testDays: 1,
        entrants,
        movedStarts: [1],
        because: 'nightly',
      },
      (input) => calibrateAside(input, { workers: 1, signal }),
    )
    calibrations = made.calibrations
    report = made.report
  }, 120_000)
  afterAll(() => markets?.stop())

  it('without one, other methods are refused, and the panel says that nothing was measured', async () => {
    const other = { ...asked, symbol: 'ethusdt' } as const
    const balanced = (method: string) => ({ ...other, preset: { preset: 'balanced', method } })
    const read = createQualityReader(markets.deps)
    await expect(read(balanced('har-gk'))).rejects.toMatchObject({
      code: 'method_not_calibrated',
    })
    await expect(createRangeReader(markets.deps)('ethusdt')).rejects.toMatchObject({
      code: 'method_not_calibrated',
    })
    const { body } = await read(balanced('published'))
    expect(JSON.parse(body)).toMatchObject({ measured: null, calibration: null, reason: 'not_measured' })
  })

  it('quality-panel-names-the-winner-even-when-we-lose: as it is stored, with everybody who took part', async () => {
    expect(calibrations.map(({ method }) => method)).toEqual(['published', 'har-gk', 'rv-level'])
    const { measured, reason } = await readQuality({ preset: 'balanced', method: 'published' })
    expect(reason).toBeNull()
    expect(measured).toMatchObject({ bars: 6 * 1_440, data_from_ms: firstMs, data_to_ms: calibratedAt })
    expect(measured?.contests.length).toBeGreaterThan(0)
    for (const [index, { winner, entrants: shown, sentence }] of (measured?.contests ?? []).entries()) {
      const best = shown
        .filter((one) => one.within_budget)
        .toSorted((a, b) => b.macro_f1 - a.macro_f1)
        .at(0)
      expect(winner).toBe(best?.name)
      expect(sentence).toContain(winner === 'published-fixed' ? 'the default' : winner)
      const took = report.contests[index]?.entrants ?? []
      expect(took.length).toBeGreaterThan(1)
      expect(shown.map(({ name }) => name)).toEqual(took.map(({ name }) => name))
      for (const one of shown) {
        expect(one.n).toBeGreaterThan(0)
        expect(one.moved_starts.length).toBeLessThanOrEqual(1)
      }
    }
  }, 120_000)

  it('what a night would change of what is served is proposed, once, and a person settles it', async () => {
    const open = () => asGate(markets.deps, listOpenProposals)
    // Only the published method is served by now.
    expect((await open()).map(({ method }) => method)).toEqual(['published'])
    const [{ calibrationId } = { calibrationId: '' }] = await open()
    await declineCalibration(decided(), calibrationId)
    expect(await open()).toEqual([])
    await expect(declineCalibration(decided(), calibrationId)).rejects.toThrow('settled already')
    await expect(applyCalibration(decided(), 'nonsense')).rejects.toThrow('There is no calibration')
    expect(await rows('SELECT 1 FROM volatility.applied_preset')).toEqual([])
  })

  describe('applied-calibrations-are-replayed-and-told-to-nobody', () => {
    it.each(['har-gk', 'rv-level'])(
      '%s gets machines of its own, in one audited decision',
      async (method) => {
        const [before] = await rows('SELECT count(*) FROM volatility.event')
        const applied = await applyCalibration(decided(), calibrationOf(method).id)
        expect(applied.length).toBeGreaterThan(0)
        expect(new Set(applied.map(({ version }) => version))).toEqual(new Set([1]))
        expect(await adoptPresets(markets.deps, signal)).toBe(1)
        expect(await adoptPresets(markets.deps, signal)).toBe(0)
        expect(await rows('SELECT count(*) FROM volatility.event')).toEqual([before])
        const entries = await rows<{ payload: object }>(
          `SELECT payload::jsonb AS payload FROM gatehouse.audit_entry WHERE event_type = 'calibration.apply'
          ORDER BY seq DESC LIMIT 1`,
        )
        expect(entries).toMatchObject([
          { payload: { resource_id: calibrationOf(method).id, detail: { symbol: 'btcusdt', method } } },
        ])
      },
    )

    it('a preset of the published method gets its next version, and the history is that of the newest', async () => {
      const preset = presetOf('published')
      await applyCalibration(decided(), calibrationOf('published').id)
      await adoptPresets(markets.deps, signal)
      await markets.deps.board.refresh()
      const query = { timeframe: '1m', preset: { preset, method: 'published' }, limit: 10_000 } as const
      const read = await readHistory({ ...markets.deps, cursors: noCursors }, 'btcusdt', query)
      const { transitions } = getHistory.reply.schema.parse(read)
      const { transitions: replayed } = await classified(preset, 'published')
      expect(transitions.map(({ ts_ms: at, to }) => [at, to])).toEqual(
        replayed.map(({ tsMs, to }) => [tsMs, to]),
      )
      expect(new Set(transitions.map(({ preset_version: version }) => version))).toEqual(new Set([2]))
      const reply = regimeReply.parse(
        JSON.parse((await readRegime(markets.deps, 'btcusdt', { ...query, venue: undefined })).body),
      )
      expect(reply).toMatchObject({
        preset_version: 2,
        calibration: { fitted: true, data_from_ms: firstMs, data_to_ms: calibratedAt },
      })
    })

    it('the owner of the feed goes on with them, through a restart, and every reader is told the same', async () => {
      const half = calibratedAt + 0.5 * dayMs + 7 * minuteMs
      // In memory the owner still has the series as it was before.
      await fill(calibratedAt, half)
      await markets.restart()
      await fill(half, calibratedAt + dayMs)
      for (const method of ['published', 'har-gk', 'rv-level']) {
        const preset = presetOf(method)
        const series = await classified(preset, method)
        const version = method === 'published' ? 2 : 1
        const stored = await rows(
          `SELECT ts_ms::float8 AS at, to_regime AS "to", z, baseline FROM volatility.transition
            WHERE preset = '${preset}' AND method = '${method}' AND preset_version = ${version} ORDER BY ts_ms`,
        )
        expect(stored.length).toBeGreaterThan(3)
        expect(stored).toEqual(
          series.transitions.map(({ tsMs, to, bar }) => ({
            at: tsMs,
            to,
            z: series.z[bar],
            baseline: orNull(series.baseline[bar]),
          })),
        )
        const last = series.openMs.length - 1
        const query = { timeframe: '1m', preset: { preset, method }, venue: undefined } as const
        const reply = regimeReply.parse(JSON.parse((await readRegime(markets.deps, 'btcusdt', query)).body))
        expect(reply).toMatchObject({
          regime: regimeAfter(series, last),
          z_vol: series.z[last],
          baseline_vol: series.baseline[last],
          method,
        })
        const read = await readSeries(markets.deps, 'btcusdt', { ...query, limit: 1 })
        const { z_vol: z, regime } = getSeries.reply.schema.parse(read)
        expect([z[0], regime[0]]).toEqual([reply.z_vol, reply.regime])
      }
      const told = await rows<{ method: string }>(
        `SELECT DISTINCT body->>'method' AS method FROM volatility.event ORDER BY 1`,
      )
      expect(told.map(({ method }) => method)).toEqual(['har-gk', 'published', 'rv-level'])
    })

    it('live-restart-and-replay-agree-to-the-bit: with the windows of a forecast too', async () => {
      const [stored] = await rows<{ state: Buffer }>(
        `SELECT state FROM volatility.series WHERE timeframe = '1m' AND state IS NOT NULL`,
      )
      const { drive } = calibrationOf('har-gk')
      const fitted = calibrationOf('har-gk').presets[presetOf('har-gk') as 'balanced']
      if (drive === null || fitted === null) throw new Error('Nothing was fitted')
      const preset: TrackedPreset = {
        preset: 'x',
        method: 'har-gk',
        version: 1,
        thresholds: { ...fitted.thresholds, drive },
      }
      const replayed = new SeriesTracker('1m', [...builtInTracked, preset])
      pushAll(replayed, between(bars, 0, calibratedAt + dayMs))
      expect(stored?.state.equals(encodeTracker(replayed.state()))).toBe(true)
    })

    it('the volatility range rests on the errors known at midnight, and says how often it held', async () => {
      const read = async () => rangeReply.parse(await createRangeReader(markets.deps)('btcusdt'))
      const make = () => makeDueRangeTables(markets.deps, new Map(), signal)
      await expect(read()).rejects.toMatchObject({ code: 'series_warming_up' })
      await make()
      // The newest bar ends at midnight: it belongs to the day before, whose table is not there.
      await fill(calibratedAt + dayMs, calibratedAt + dayMs + 3 * minuteMs)
      const first = await read()
      expect(first).toMatchObject({ horizon_bars: 30, coverage: null, reason: 'few_matured', stale: false })
      const { '50': half, '80': most, '95': nearlyAll } = first.interval
      const ends = [nearlyAll[0], most[0], half[0], first.median, half[1], most[1], nearlyAll[1]]
      expect(ends).toEqual(ends.toSorted((a, b) => a - b))
      await fill(calibratedAt + dayMs + 3 * minuteMs, calibratedAt + 2 * dayMs + minuteMs)
      await make()
      await fill(calibratedAt + 2 * dayMs + minuteMs, calibratedAt + 3 * dayMs + minuteMs)
      await make()
      const { coverage, reason } = await read()
      expect(reason).toBeNull()
      // Of two days that ranges were served for; what comes after the last half hour is not known yet.
      expect(coverage?.n).toBe(2 * 1_440 - 30)
      expect(coverage?.['95']).toBeGreaterThanOrEqual(coverage?.['50'] ?? 1)
    })

    it('what was shown is measured once a day, with its sample', async () => {
      await makeDueTables(markets.deps, new Map(), signal)
      const preset = presetOf('har-gk')
      await measureDueQuality(markets.deps, new Map(), signal)
      const { live, calibration, preset_version: version } = await readQuality({ preset, method: 'har-gk' })
      expect([version, calibration?.fitted]).toEqual([1, true])
      expect(live).toMatchObject({ to_ms: calibratedAt + 3 * dayMs, preset_version: 1 })
      expect(live?.score?.n).toBeGreaterThan(5_000)
      expect(live?.score?.interval?.[0]).toBeLessThanOrEqual(live?.score?.macro_f1 ?? 0)
      expect(live?.confidence?.reliability.reduce((sum, { bars: n }) => sum + n, 0)).toBe(live?.confidence?.n)
    })
  })
})

describe.runIf(isMarketDataThere)('on the recorded month', () => {
  it('ranges-cover-what-they-say: the range of the known bar, through database and contract', async () => {
    const minutes = readMarketBars('1m')
    const until = 1_734_277_200_000 + minuteMs
    const markets = await startFilledMarkets(until)
    try {
      await markets.fill('binance', 'btcusdt', '1m', barsUntil(minutes, until))
      const training = { from: 0, to: 14 * 1_440 }
      const known = cutBars(minutes, training.to)
      const { returns } = replaySeries('1m', known)
      const regressors = harRegressors(garmanKlassVariances(known))
      const smooth = smoothAhead(volatilityAhead('1m', returns))
      const coefficients = fitHar(regressors, smooth, { from: 0, to: training.to - barsAhead })
      if (coefficients === undefined) throw new Error('There are enough bars to fit')
      const id = newId(1)
      await asWriter(markets.deps, (tx) =>
        insertCalibration(
          tx,
          {
            id,
            symbol: 'btcusdt',
            venue: 'binance',
            timeframe: '1m',
            method: 'har-gk',
            dataFromMs: 0,
            dataToMs: 1,
            bars: training.to,
            codeVersion: 1,
            because: 'command',
            drive: { kind: 'forecast', coefficients, ...spreadOf(smooth, training) },
            presets: {
              conservative: null,
              balanced: { thresholds: builtInPresets.balanced, macroF1: 0, alertsPerDay: 0 },
              aggressive: null,
            },
            scores: [],
          },
          1,
        ),
      )
      await applyCalibration({ ...markets.deps, audit }, id)
      await adoptPresets(markets.deps, signal)
      await markets.deps.board.refresh()
      await makeDueRangeTables(markets.deps, new Map(), signal)
      const close = (value: number): unknown => expect.closeTo(value, 6)
      expect(await createRangeReader(markets.deps)('btcusdt')).toMatchObject({
        as_of_ms: until,
        median: close(0.2786285167),
        interval: {
          '80': [close(0.2022406843), close(0.4007103993)],
          '95': [close(0.1674521405), close(0.5339423493)],
        },
        residuals: 10_080,
      })
    } finally {
      await markets.stop()
    }
  }, 120_000)
})

/** No page is asked for. */
const noCursors = { seal: () => '', open: () => undefined } as never

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

function between(all: OhlcColumns, fromMs: number, toMs: number): OhlcColumns {
  const ended = barsUntil(all, toMs)
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

function pushAll(tracker: SeriesTracker, { openMs, opens, highs, lows, closes }: OhlcColumns): void {
  for (let bar = 0; bar < openMs.length; bar += 1)
    tracker.push({
      openMs: openMs[bar] ?? 0,
      open: opens[bar] ?? 0,
      high: highs[bar] ?? 0,
      low: lows[bar] ?? 0,
      close: closes[bar] ?? 0,
    })
}
