import { describe, expect, it } from 'vitest'
import { barsUntil, cutBars } from '../fixtures/cut-bars.ts'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { builtInPresets } from './built-in-presets.ts'
import { dayMs } from './day-table.ts'
import { fitHar, garmanKlassVariances, harRegressors } from './har-gk.ts'
import { barsAhead, smoothAhead, volatilityAhead } from './labels.ts'
import { measureLive } from './live-quality.ts'
import { replayMachine, replaySeries } from './replay.ts'
import { makeDayTables } from './tables-of-days.ts'
import { measureCoverage, residualQuantiles, residualsBy } from './volatility-range.ts'

const minuteMs = 60_000
const close = (value: number, digits = 9): unknown => expect.closeTo(value, digits)

describe.runIf(isMarketDataThere)('the recorded month, measured as what was shown is', () => {
  const bars = readMarketBars('1m')
  const asOfMs = (bars.openMs.at(-1) ?? 0) + minuteMs
  const firstMidnight = Date.UTC(2024, 11, 2)
  const midnights = Array.from({ length: 28 }, (_, day) => firstMidnight + day * dayMs)
  const series = replaySeries('1m', bars)

  it('confidence-is-frozen-at-midnight-and-beats-its-base-rate: by the figures of the panel', () => {
    const tables = new Map(
      makeDayTables({ timeframe: '1m', bars, midnights }).map((table) => [
        table.dayMs,
        { ...table, madeAfterMs: asOfMs, historyUntilMs: asOfMs },
      ]),
    )
    const { transitions } = replayMachine(
      { timeframe: '1m', openMs: bars.openMs, z: series.z, resets: [] },
      builtInPresets.balanced,
    )
    const [live] = measureLive({ timeframe: '1m', bars, asOfMs, tables, machines: [transitions] })
    expect(live?.score).toMatchObject({
      scores: {
        counted: 41_455,
        macroF1: close(0.434182644),
        support: [4_146, 33_163, 4_146],
        truePositives: [466, 28_301, 1_424],
      },
      alertsPerDay: close(5.59257, 6),
      detection: { onsets: 76, already: 17, found: 28, missed: 31, medianLagBars: 31 },
    })
    expect(live?.confidence).toMatchObject({
      bars: 35_904,
      brier: close(0.229439986),
      brierOfBase: close(0.3522872303),
      skill: close(0.349, 3),
    })
    // The specification draws other blocks.
    const [low = 0, high = 0] = live?.confidence?.skillInterval ?? []
    expect([Math.abs(low - 0.24) < 0.01, Math.abs(high - 0.43) < 0.01]).toEqual([true, true])
  })

  it('ranges-cover-what-they-say: of the days after the first training', () => {
    const training = { from: 0, to: 14 * 1_440 }
    const smooth = smoothAhead(volatilityAhead('1m', series.returns))
    const regressors = harRegressors(garmanKlassVariances(bars))
    const coefficients = fitHar(regressors, smooth, { ...training, to: training.to - barsAhead })
    if (coefficients === undefined) throw new Error('There are enough bars to fit')
    const fold = cutBars(bars, 27_360 + 30)
    // The file begins an hour before midnight.
    const fromMs = bars.openMs[training.to] ?? 0
    const quantilesOf = (midnightMs: number) =>
      residualQuantiles(residualsBy({ timeframe: '1m', bars, coefficients }, midnightMs))
    const kept = new Map(
      Array.from({ length: 6 }, (_, day) => Date.UTC(2024, 11, 14 + day)).map((day) => [
        day,
        quantilesOf(day),
      ]),
    )
    const toMs = (fold.openMs.at(-1) ?? 0) + minuteMs
    const input = { timeframe: '1m', bars: fold, coefficients } as const
    const coverage = measureCoverage(input, { fromMs, toMs }, (day) => kept.get(day))
    expect(coverage).toMatchObject({ n: 7_200, '80': close(0.7745833333, 6) })
    const short = { timeframe: '1m', bars: barsUntil(bars, fromMs + 1_469 * minuteMs), coefficients } as const
    const until = fromMs + 1_469 * minuteMs
    expect(measureCoverage(short, { fromMs, toMs: until }, (day) => kept.get(day))).toBeNull()
  })
})
