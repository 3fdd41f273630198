import { toConfidence, type ToldTable } from './confidence.ts'
import { type ConfidenceScores, dayMs, midnightOf, type ScoredBar, scoreConfidence } from './day-table.ts'
import {
  barsAhead,
  globalLabels,
  globalLevels,
  labelOf,
  type Labels,
  noLabel,
  smoothAhead,
  volatilityAhead,
} from './labels.ts'
import { mulberry32 } from './mulberry32.ts'
import type { OhlcColumns } from './ohlc.ts'
import { quantileOfSorted } from './quantiles.ts'
import { GarmanKlass } from './range-estimators.ts'
import { type Regime, regimeCodes, regimesByCode } from './regime-code.ts'
import { replaySeries } from './replay.ts'
import {
  alertsPerDay,
  countConfusion,
  type Detection,
  type Interval,
  macroF1Interval,
  measureDetection,
  type Scores,
  scoreConfusion,
} from './scores.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

/** The number of days whose output is evaluated. */
export const liveDays = 30

export type LiveInput = {
  readonly timeframe: Timeframe
  /** The bars of the evaluated days, and enough before them for a series to warm up. */
  readonly bars: Omit<OhlcColumns, 'volumes'>
  /** Bars that end in (asOf − 30 days, asOf] are evaluated if their labels depend on nothing later. */
  readonly asOfMs: number
  /** By midnight. */
  readonly tables: ReadonlyMap<number, ToldTable>
  /** The output of each machine. */
  readonly machines: readonly Shown[]
}

/** The state from each of these moments on, ascending; normal before the first. */
type Shown = readonly { readonly tsMs: number; readonly to: Regime }[]

/** How the output of the last 30 days agreed with labels, which use later data. */
export type LiveFigures = {
  readonly fromMs: number
  readonly toMs: number
  /** With the levels of these days; null if no bar counts. */
  readonly score: {
    readonly scores: Scores
    readonly interval: Interval | null
    readonly alertsPerDay: number
    readonly detection: Detection
  } | null
  /** Over bars with a confidence, with the levels of their own table; null if there are none. */
  readonly confidence:
    | (ConfidenceScores & { readonly skill: number; readonly skillInterval: Interval | null })
    | null
}

const seed = 1

/** The figures of each machine, in order. */
export function measureLive(input: LiveInput): readonly LiveFigures[] {
  const labelled = labelBars(input)
  const { asOfMs: toMs } = input
  return input.machines.map((shown) => {
    const regimes = regimesShown(labelled, shown)
    const score = scoreShown(labelled, regimes, shown)
    const confidence = scoreTold(labelled, regimes, input.tables)
    return { fromMs: toMs - liveDays * dayMs, toMs, score, confidence }
  })
}

/** The data of each bar that does not depend on a machine's output. */
type Labelled = {
  readonly interval: number
  readonly endMs: Float64Array
  readonly z: Float64Array
  readonly garmanKlass: Float64Array
  /** S of the evaluated bars. */
  readonly smooth: Float64Array
  /** With the levels of the evaluated bars. */
  readonly labels: Labels
}

function labelBars({ timeframe, bars, asOfMs }: LiveInput): Labelled {
  const interval = intervalMs[timeframe]
  const fromMs = asOfMs - liveDays * dayMs
  const { z, returns, resets } = replaySeries(timeframe, bars)
  const endMs = bars.openMs.map((openMs) => openMs + interval)
  const isMeasured = (bar: number): boolean =>
    (endMs[bar] ?? 0) > fromMs &&
    (endMs[bar + barsAhead] ?? Number.POSITIVE_INFINITY) <= asOfMs &&
    !Number.isNaN(z[bar])
  const smooth = smoothAhead(volatilityAhead(timeframe, returns)).map((value, bar) =>
    isMeasured(bar) ? value : Number.NaN,
  )
  const garmanKlass = garmanKlassOver(timeframe, bars, resets)
  return { interval, endMs, z, garmanKlass, smooth, labels: globalLabels(smooth, globalLevels(smooth)) }
}

function scoreShown(
  { labels, endMs, interval }: Labelled,
  regimes: Uint8Array,
  shown: Shown,
): LiveFigures['score'] {
  const isCounted = (bar: number): boolean => labels[bar] !== noLabel
  const scores = scoreConfusion(countConfusion(labels, regimes, isCounted))
  if (scores.counted === 0) return null
  const pairs: number[] = []
  labels.forEach((label, bar) => {
    if (label >= 0) pairs.push(3 * label + (regimes[bar] ?? regimeCodes.normal))
  })
  const completed = new Set(shown.map(({ tsMs }) => tsMs))
  const changes = Array.from(endMs.keys()).filter((bar) => completed.has(endMs[bar] ?? 0))
  return {
    scores,
    interval: macroF1Interval(Uint8Array.from(pairs), seed),
    alertsPerDay: alertsPerDay(changes, isCounted, { counted: scores.counted, barsPerDay: dayMs / interval }),
    detection: measureDetection(labels, regimes, isCounted),
  }
}

function scoreTold(
  { endMs, smooth, z, garmanKlass }: Labelled,
  regimes: Uint8Array,
  tables: LiveInput['tables'],
): LiveFigures['confidence'] {
  const scored = Array.from(endMs.entries()).flatMap(([bar, end]): readonly ScoredBar[] => {
    const value = smooth[bar] ?? Number.NaN
    const table = tables.get(midnightOf(end))
    if (Number.isNaN(value) || table === undefined) return []
    const code = regimes[bar]
    const regime = regimesByCode[code === 0 || code === 2 ? code : 1]
    const told = { endMs: end, regime, z: z[bar] ?? null, garmanKlass: known(garmanKlass[bar]) }
    const { probabilities } = toConfidence(told, table)
    if (probabilities === null) return []
    return [{ probabilities, base: table.base, shown: regime, label: labelOf(value, table.levels) }]
  })
  if (scored.length === 0) return null
  const scores = scoreConfidence(scored)
  return { ...scores, skill: 1 - scores.brier / scores.brierOfBase, skillInterval: skillInterval(scored) }
}

/** The state after each bar. */
function regimesShown({ endMs }: Labelled, shown: Shown): Uint8Array {
  let next = 0
  let regime: number = regimeCodes.normal
  return Uint8Array.from(endMs, (end) => {
    for (let one = shown[next]; one !== undefined && one.tsMs <= end; one = shown[next]) {
      regime = regimeCodes[one.to]
      next += 1
    }
    return regime
  })
}

function garmanKlassOver(
  timeframe: Timeframe,
  { opens, highs, lows, closes }: LiveInput['bars'],
  resets: readonly number[],
): Float64Array {
  const ranges = new GarmanKlass(timeframe)
  const isReset = new Set(resets)
  return closes.map((close, bar) => {
    if (isReset.has(bar)) ranges.clear()
    ranges.push({ open: opens[bar] ?? 0, high: highs[bar] ?? 0, low: lows[bar] ?? 0, close })
    return ranges.value ?? Number.NaN
  })
}

const blockBars = 1_440
const draws = 1_000

/**
 * The 95 % interval of 1 − Brier / Brier of the base rate, by the moving-block bootstrap of specification 7.2: blocks
 * of 1,440 scored bars, a thousand draws. Null for less than one block.
 */
function skillInterval(scored: readonly ScoredBar[]): Interval | null {
  const bars = scored.length
  if (bars < blockBars) return null
  const own = new Float64Array(bars + 1)
  const base = new Float64Array(bars + 1)
  scored.forEach(({ probabilities: { low, normal, high }, base: rate, label }, bar) => {
    own[bar + 1] = (own[bar] ?? 0) + brierOf([low, normal, high], label)
    base[bar + 1] = (base[bar] ?? 0) + brierOf(rate, label)
  })
  const draw = mulberry32(seed)
  const skills = new Float64Array(draws)
  for (let index = 0; index < draws; index += 1) {
    let [sum, sumOfBase] = [0, 0]
    for (let left = bars; left > 0; left -= blockBars) {
      const length = Math.min(left, blockBars)
      const start = Math.floor(draw() * (bars - length + 1))
      sum += (own[start + length] ?? 0) - (own[start] ?? 0)
      sumOfBase += (base[start + length] ?? 0) - (base[start] ?? 0)
    }
    skills[index] = 1 - sum / sumOfBase
  }
  skills.sort()
  return [quantileOfSorted(skills, 0.025), quantileOfSorted(skills, 0.975)]
}

function brierOf(probabilities: readonly number[], label: number): number {
  return probabilities.reduce((sum, p, code) => sum + (p - (code === label ? 1 : 0)) ** 2, 0)
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
