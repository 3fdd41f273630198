import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { builtInPresets } from './built-in-presets.ts'
import {
  confidenceBars,
  dayMs,
  type DayTable,
  makeDayTable,
  midnightOf,
  readDayTable,
  scoreConfidence,
} from './day-table.ts'
import { fitHar, forecastHar, garmanKlassVariances, harRegressors } from './har-gk.ts'
import { barsAhead, labelOf, returnsAhead, smoothAhead, volatilityAhead } from './labels.ts'
import type { OhlcColumns } from './ohlc.ts'
import { RangeEstimators } from './range-estimators.ts'
import { regimesByCode } from './regime-code.ts'
import { replayMachine, replaySeries } from './replay.ts'
import { residualQuantiles, toVolatilityRange } from './volatility-range.ts'
import { foldsOf } from './walk-forward.ts'

const minuteMs = 60_000

function garmanKlassOf({ opens, highs, lows, closes }: OhlcColumns): Float64Array {
  const estimators = new RangeEstimators('1m')
  return closes.map((close, bar) => {
    estimators.push({ open: opens[bar] ?? 0, high: highs[bar] ?? 0, low: lows[bar] ?? 0, close }, null)
    return estimators.garmanKlass ?? Number.NaN
  })
}

describe.runIf(isMarketDataThere)('a month of minutes', () => {
  const bars = readMarketBars('1m')
  const { openMs } = bars
  const series = replaySeries('1m', bars)
  const ahead = volatilityAhead('1m', series.returns)
  const smooth = smoothAhead(ahead)
  const garmanKlass = garmanKlassOf(bars)
  const endOf = (bar: number): number => (openMs[bar] ?? Number.POSITIVE_INFINITY) + minuteMs
  const allBars = Array.from(openMs.keys())
  const midnights = [...new Set(allBars.map((bar) => midnightOf(endOf(bar))))]

  function tableOf(midnightMs: number): DayTable | undefined {
    const matured = allBars.filter(
      (bar) =>
        endOf(bar + barsAhead) <= midnightMs &&
        !Number.isNaN((smooth[bar] ?? 0) + (series.z[bar] ?? 0) + (garmanKlass[bar] ?? 0)),
    )
    const take = (column: Float64Array): Float64Array => Float64Array.from(matured, (bar) => column[bar] ?? 0)
    return makeDayTable(
      midnightMs,
      { smooth: take(smooth), garmanKlass: take(garmanKlass) },
      confidenceBars.least,
    )
  }

  describe('confidence-is-frozen-at-midnight-and-beats-its-base-rate', () => {
    const tables = new Map(
      midnights.flatMap((midnight) => {
        const table = tableOf(midnight)
        return table === undefined ? [] : [[midnight, table] as const]
      }),
    )
    const made = [...tables.values()]

    it('a table is made each midnight from the bars whose label was known by then', () => {
      expect(made).toHaveLength(25)
      const [first, last] = [made[0], made.at(-1)]
      expect([first?.dayMs, first?.bars, last?.bars]).toEqual([Date.UTC(2024, 11, 5), 5_514, 40_074])
      expect([first?.levels, last?.levels]).toEqual([
        { q10: expect.closeTo(0.1951714287, 9), q90: expect.closeTo(0.6735086338, 9) },
        { q10: expect.closeTo(0.2275933512, 9), q90: expect.closeTo(0.7787552565, 9) },
      ])
    })

    it('its probabilities of one bar are the known ones', () => {
      const bar = openMs.indexOf(1_733_607_600_000)
      const table = tables.get(midnightOf(endOf(bar)))
      expect(garmanKlass[bar]).toBeCloseTo(0.2508515383, 9)
      expect(table && readDayTable(table, garmanKlass[bar] ?? 0)).toEqual({
        probabilities: {
          low: expect.closeTo(0.0191565404, 9),
          normal: expect.closeTo(0.9531762809, 9),
          high: expect.closeTo(0.0276671787, 9),
        },
        sample: 420,
      })
      const last = tables.get(midnightOf(endOf(openMs.length - 1)))
      const { probabilities, sample } = (last && readDayTable(last, garmanKlass.at(-1) ?? 0)) ?? {}
      expect([probabilities?.high, probabilities?.normal, sample]).toEqual([
        expect.closeTo(0.0526063072, 9),
        expect.closeTo(0.9415482235, 9),
        2_003,
      ])
    })

    it('over the month it is better than the base rate, and about as sure as it is right', () => {
      const { regimes } = replayMachine(
        { timeframe: '1m', openMs, z: series.z, resets: [] },
        builtInPresets.balanced,
      )
      const scores = scoreConfidence(
        allBars.flatMap((bar) => {
          const table = tables.get(midnightOf(endOf(bar)))
          const value = smooth[bar] ?? Number.NaN
          if (table === undefined || Number.isNaN(value) || Number.isNaN(series.z[bar])) return []
          const { probabilities } = readDayTable(table, garmanKlass[bar] ?? 0)
          const shown = regimesByCode[regimes[bar] === 0 ? 0 : regimes[bar] === 1 ? 1 : 2]
          return [{ probabilities, base: table.base, shown, label: labelOf(value, table.levels) }]
        }),
      )
      expect(scores).toMatchObject({
        bars: 35_904,
        brier: expect.closeTo(0.229439986, 9),
        brierOfBase: expect.closeTo(0.3522872303, 9),
        logScore: expect.closeTo(0.3896208436, 9),
        logScoreOfBase: expect.closeTo(0.6572802884, 9),
        brierOfShown: expect.closeTo(0.1128481288, 9),
        brierOfShownBase: expect.closeTo(0.168456217, 9),
        weightedGap: expect.closeTo(0.0252, 4),
      })
      expect(scores.reliability.map((tenth) => tenth.bars)).toEqual([
        2_119, 883, 1_817, 1_476, 1_225, 499, 3_764, 3_504, 5_799, 14_818,
      ])
      expect(scores.reliability.map(({ agreed }) => agreed)).toEqual(
        [0.0529, 0.1914, 0.2064, 0.2961, 0.3355, 0.4289, 0.6807, 0.7574, 0.8984, 0.947].map((share) =>
          expect.closeTo(share, 4),
        ),
      )
    })
  })

  it('ranges-cover-what-they-say', () => {
    const regressors = harRegressors(garmanKlassVariances(bars))
    const held = { '50': 0, '80': 0, '95': 0 }
    let tested = 0
    const ofFolds = foldsOf(openMs.length, 14 * 1_440, 5 * 1_440).map(({ training, test }) => {
      const known = { from: training.from, to: training.to - barsAhead }
      const forecast = forecastHar(regressors, fitHar(regressors, smooth, known) ?? [])
      const residuals = ahead.map((value, bar) => Math.log(value) - (forecast[bar] ?? 0))
      const quantiles = new Map(
        midnights.map((midnight) => [
          midnight,
          residualQuantiles(
            residuals.filter((value, bar) => endOf(bar + returnsAhead) <= midnight && !Number.isNaN(value)),
          ),
        ]),
      )
      let [heldHere, testedHere] = [0, 0]
      for (let bar = test.from; bar < test.to; bar += 1) {
        const value = ahead[bar] ?? Number.NaN
        const ofDay = quantiles.get(midnightOf(endOf(bar)))
        if (Number.isNaN(value) || ofDay === undefined) continue
        const { interval, median } = toVolatilityRange(forecast[bar] ?? 0, ofDay)
        testedHere += 1
        for (const share of ['50', '80', '95'] as const) {
          const [low, high] = interval[share]
          if (value < low || value > high) continue
          held[share] += 1
          if (share === '80') heldHere += 1
        }
        if (openMs[bar] !== 1_734_277_200_000) continue
        expect([median, ...interval['80'], ...interval['95'], value]).toEqual(
          [0.2786285167, 0.2022406843, 0.4007103993, 0.1674521405, 0.5339423493, 0.3997543].map((one) =>
            expect.closeTo(one, 6),
          ),
        )
      }
      tested += testedHere
      return heldHere / testedHere
    })
    expect(tested).toBe(21_571)
    expect([held['50'] / tested, held['80'] / tested, held['95'] / tested]).toEqual([
      expect.closeTo(0.4964999305, 6),
      expect.closeTo(0.8007046498, 6),
      expect.closeTo(0.9510917435, 6),
    ])
    expect(ofFolds).toEqual(
      [0.7745833333, 0.8416666667, 0.7858039325].map((share) => expect.closeTo(share, 6)),
    )
  })
})

describe('a table speaks of its own day', () => {
  it('a bar that ends at midnight belongs to the day that ends', () => {
    expect(midnightOf(dayMs)).toBe(0)
    expect(midnightOf(dayMs + 1)).toBe(dayMs)
  })

  it('a value equal to an edge is in the upper cell, and too few bars make no table', () => {
    const garmanKlass = Float64Array.from({ length: 100 }, (_, bar) => bar)
    const smooth = Float64Array.from({ length: 100 }, (_, bar) => (bar < 50 ? 1 : 2))
    const table = makeDayTable(dayMs, { smooth, garmanKlass }, 100)
    const edge = table?.edges[0] ?? 0
    expect(table && readDayTable(table, edge).sample).toBe(5)
    expect(table && readDayTable(table, edge - 1e-9).sample).toBe(5)
    expect(table?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(100)
    expect(makeDayTable(dayMs, { smooth, garmanKlass }, 101)).toBeUndefined()
  })
})
