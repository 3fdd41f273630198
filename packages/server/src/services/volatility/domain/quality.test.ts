import { describe, expect, it } from 'vitest'
import { isMarketDataThere, readMarketBars } from '../fixtures/market-data.ts'
import { builtInPresets } from './built-in-presets.ts'
import { fitHar, forecastHar, garmanKlassVariances, harRegressors, spreadOf } from './har-gk.ts'
import {
  barsAhead,
  globalLabels,
  globalLevels,
  type Labels,
  localLabels,
  noLabel,
  smoothAhead,
  volatilityAhead,
} from './labels.ts'
import type { OhlcColumns } from './ohlc.ts'
import { replayMachine, replaySeries, type SeriesColumns } from './replay.ts'
import { bestInBand, gridScorer, paretoFront, presetBands } from './score-grid.ts'
import {
  addConfusions,
  alertsPerDay,
  countConfusion,
  macroF1Interval,
  measureDetection,
  scoreConfusion,
} from './scores.ts'
import { gridOfQuantiles, gridOfZ } from './threshold-grid.ts'
import {
  type Drive,
  type Fold,
  foldsOf,
  type LabelSet,
  runFold,
  testLabels,
  trainingLabels,
} from './walk-forward.ts'

const barsPerDay = 1_440

type Month = {
  readonly bars: OhlcColumns
  readonly series: SeriesColumns
  readonly smooth: Float64Array
  readonly global: Labels
  readonly local: Labels
  readonly isCounted: (bar: number) => boolean
}

function readMonth(): Month {
  const bars = readMarketBars('1m')
  const series = replaySeries('1m', bars)
  const smooth = smoothAhead(volatilityAhead('1m', series.returns))
  const isCounted = (bar: number): boolean => !Number.isNaN(series.z[bar])
  const global = globalLabels(smooth, globalLevels(smooth.filter((_, bar) => isCounted(bar))))
  return { bars, series, smooth, global, local: localLabels(smooth, series.rv), isCounted }
}

describe.runIf(isMarketDataThere)('labels-and-scores-match-known-answers', () => {
  const { bars, series, smooth, global, local, isCounted } = readMonth()

  const regimesOf = (preset: keyof typeof builtInPresets) =>
    replayMachine({ timeframe: '1m', openMs: bars.openMs, z: series.z, resets: [] }, builtInPresets[preset])

  it('labels of the month: how many, and by which levels', () => {
    const levels = globalLevels(smooth.filter((_, bar) => isCounted(bar)))
    expect([levels.q10, levels.q90]).toEqual([
      expect.closeTo(0.2200045075, 9),
      expect.closeTo(0.7718681151, 9),
    ])
    const counted = (labels: Labels) =>
      [0, 1, 2].map((label) => labels.filter((one, bar) => one === label && isCounted(bar)).length)
    expect(counted(global)).toEqual([4_146, 33_163, 4_146])
    expect(counted(local)).toEqual([5_153, 30_077, 5_025])
    const labelled = Array.from(global.keys()).filter((bar) => (global[bar] ?? -1) >= 0 && isCounted(bar))
    expect([labelled[0], labelled.at(-1), labelled.length]).toEqual([269, 41_723, 41_455])
  })

  it.each([
    ['balanced', 0.434182644, 5.59257],
    ['conservative', 0.404961689, 2.639971],
    ['aggressive', 0.452564037, 14.241949],
  ] as const)('the built-in preset %s', (preset, macroF1, alerts) => {
    const { regimes, transitions } = regimesOf(preset)
    const scores = scoreConfusion(countConfusion(global, regimes, isCounted))
    expect(scores.macroF1).toBeCloseTo(macroF1, 9)
    const isScored = (bar: number): boolean => isCounted(bar) && (global[bar] ?? -1) >= 0
    expect(
      alertsPerDay(
        transitions.map(({ bar }) => bar),
        isScored,
        { counted: scores.counted, barsPerDay },
      ),
    ).toBeCloseTo(alerts, 6)
  })

  it('balanced, class by class, and how long it took to see what was high', () => {
    const { regimes } = regimesOf('balanced')
    const scores = scoreConfusion(countConfusion(global, regimes, isCounted))
    expect(scores.f1).toEqual([
      expect.closeTo(0.152836996, 9),
      expect.closeTo(0.835466206, 9),
      expect.closeTo(0.314244731, 9),
    ])
    expect(scores.truePositives).toEqual([466, 28_301, 1_424])
    expect(measureDetection(global, regimes, isCounted)).toEqual({
      onsets: 76,
      already: 17,
      found: 28,
      missed: 31,
      medianLagBars: 31,
    })
    expect(scoreConfusion(countConfusion(local, regimes, isCounted)).macroF1).toBeCloseTo(0.479390324, 9)
  })

  it('the grid, in sample: the best of each band', () => {
    expect(gridOfZ).toHaveLength(2_304)
    const range = { from: 0, to: series.z.length }
    const scores = gridOfZ.flatMap(gridScorer({ drive: series.z, labelSets: [global], range, barsPerDay }))
    const best = Object.values(presetBands).map((band) => bestInBand(scores, band))
    expect(best.map((one) => Object.values(one?.thresholds ?? {}))).toEqual([
      [3, 0, -2.5, 0.5, 5, 30],
      [2, 1.5, -2.5, 0.5, 5, 30],
      [2, 1.5, -2.5, 0.5, 2, 30],
    ])
    expect(best.map((one) => [one?.macroF1, one?.alertsPerDay])).toEqual([
      [expect.closeTo(0.47651419, 9), expect.closeTo(3.682065, 6)],
      [expect.closeTo(0.475910426, 9), expect.closeTo(7.468339, 6)],
      [expect.closeTo(0.46460089, 9), expect.closeTo(8.093595, 6)],
    ])
    const front = paretoFront(scores)
    expect(front.length).toBeGreaterThanOrEqual(3)
    for (const one of front)
      expect(
        scores.some(
          ({ macroF1, alertsPerDay: alerts }) => macroF1 > one.macroF1 && alerts <= one.alertsPerDay,
        ),
      ).toBe(false)
  })

  describe('walk-forward, train 14 days, test 5, three folds, 5.6 alerts a day at most', () => {
    const folds = foldsOf(bars.openMs.length, 14 * barsPerDay, 5 * barsPerDay)
    const band = { least: 0, most: 5.6 }
    const regressors = harRegressors(garmanKlassVariances(bars))
    const lnRv = series.rv.map((rv) => Math.log(rv))
    const training = ({ training: { from, to } }: Fold, values: Float64Array) =>
      gridOfQuantiles(values.subarray(from, to))
    const drives: Readonly<Record<string, (fold: Fold) => Drive>> = {
      'always normal': () => ({
        values: series.z,
        grid: [{ ...builtInPresets.balanced, highEnter: 10, lowEnter: -10 }],
      }),
      'published, balanced': () => ({ values: series.z, grid: [builtInPresets.balanced] }),
      'published, refitted': () => ({ values: series.z, grid: gridOfZ }),
      'har-gk': (fold) => {
        const known = { from: fold.training.from, to: fold.training.to - barsAhead }
        const forecast = forecastHar(regressors, fitHar(regressors, smooth, known) ?? [])
        const { mean, deviation } = spreadOf(forecast, fold.training)
        const values = forecast.map((value) => (value - mean) / deviation)
        return { values, grid: training(fold, values) }
      },
      'rv-level': (fold) => ({ values: lnRv, grid: training(fold, lnRv) }),
    }

    function score(name: string, set: LabelSet): { readonly macroF1: number; readonly alerts: number } {
      const labels = testLabels(set, folds)
      let alerts = 0
      const confusions = folds.map((fold) => {
        const drive = drives[name]?.(fold) ?? { values: series.z, grid: [] }
        // A preset that is not fitted costs what it costs.
        const result = runFold(fold, drive, {
          set,
          band: drive.grid.length === 1 ? { least: 0, most: 100 } : band,
          barsPerDay,
        })
        const isThere = (bar: number): boolean => !Number.isNaN(drive.values[bar])
        alerts += result?.transitions.filter((bar) => (labels[bar] ?? -1) >= 0 && isThere(bar)).length ?? 0
        return countConfusion(
          labels.subarray(fold.test.from, fold.test.to),
          result?.regimes ?? new Uint8Array(),
          (bar) => isThere(fold.test.from + bar),
        )
      })
      const scores = scoreConfusion(addConfusions(confusions))
      return { macroF1: scores.macroF1, alerts: alerts / (scores.counted / barsPerDay) }
    }

    it('the folds are those of the specification', () => {
      expect(folds.map(({ test }) => [test.from, test.to])).toEqual([
        [20_160, 27_360],
        [27_360, 34_560],
        [34_560, 41_761],
      ])
    })

    it('the first fit gives the known coefficients', () => {
      expect(fitHar(regressors, smooth, { from: 0, to: 20_160 - barsAhead })).toEqual(
        [4.334491677, 0.0916487948, 0.153689167, 0.0622990239, 0.0277510108].map((value) =>
          expect.closeTo(value, 8),
        ),
      )
    })

    it.each([
      ['global', 'always normal', 0.296, 0],
      ['global', 'published, balanced', 0.443, 6.2],
      ['global', 'published, refitted', 0.457, 5],
      ['global', 'har-gk', 0.732, 2.9],
      ['local', 'always normal', 0.288, 0],
      ['local', 'published, balanced', 0.497, undefined],
      ['local', 'published, refitted', 0.531, 5.6],
      ['local', 'har-gk', 0.456, 3.9],
    ] as const)('%s labels, %s: macro-F1 %d', (kind, name, macroF1, alerts) => {
      const made = score(name, kind === 'global' ? { kind, smooth } : { kind, labels: local })
      expect(Math.abs(made.macroF1 - macroF1)).toBeLessThan(0.01)
      if (alerts !== undefined) expect(Math.abs(made.alerts - alerts)).toBeLessThan(0.06)
    })

    it('a-named-method-beats-the-published-one-out-of-sample, and the simpler one does about as well', () => {
      const [published, har, level] = ['published, refitted', 'har-gk', 'rv-level'].map((name) =>
        score(name, { kind: 'global', smooth }),
      )
      expect((har?.macroF1 ?? 0) - (published?.macroF1 ?? 0)).toBeGreaterThanOrEqual(0.1)
      expect(level?.macroF1).toBeGreaterThan(0.69)
      expect(level?.macroF1).toBeLessThan(0.77)
    })
  })

  it('the interval of a score holds it, is wide for one month, and is the same every time', () => {
    const { regimes } = regimesOf('balanced')
    const pairs = Uint8Array.from(
      Array.from(global.keys()).filter((bar) => (global[bar] ?? -1) >= 0 && isCounted(bar)),
      (bar) => 3 * (global[bar] ?? 0) + (regimes[bar] ?? 0),
    )
    const [low, high] = macroF1Interval(pairs, 1) ?? [0, 0]
    expect(low).toBeLessThan(0.434182644)
    expect(high).toBeGreaterThan(0.434182644)
    expect(high - low).toBeGreaterThan(0.03)
    expect(macroF1Interval(pairs, 1)).toEqual([low, high])
    expect(macroF1Interval(pairs.subarray(0, 1_439), 1)).toBeNull()
  })
})

describe('no label is made up', () => {
  it('a bar has none where a return in its window is missing, on either side of the hole', () => {
    const returns = new Float64Array(200).map((_, bar) => Math.sin(bar * bar))
    returns[100] = Number.NaN
    const smooth = smoothAhead(volatilityAhead('1m', returns))
    for (let bar = 63; bar <= 106; bar += 1) expect(smooth[bar]).toBeNaN()
    expect(smooth[62]).not.toBeNaN()
    expect(smooth[107]).not.toBeNaN()
  })

  it('training labels know nothing of what comes after the training', () => {
    const smooth = new Float64Array(1_000).map((_, bar) => 1 + Math.sin(bar) ** 2)
    const training = { from: 100, to: 600 }
    const labelsOf = (values: Float64Array) => trainingLabels({ kind: 'global', smooth: values }, training)
    const labels = labelsOf(smooth)
    expect(labelsOf(smooth.slice().fill(99, 600 - barsAhead))).toEqual(labels)
    expect(labels.subarray(600 - barsAhead).every((label) => label === noLabel)).toBe(true)
    expect(labels.subarray(0, 100).every((label) => label === noLabel)).toBe(true)
    expect(labels.subarray(100, 600 - barsAhead).every((label) => label !== noLabel)).toBe(true)
  })
})
