import type { Labels } from './labels.ts'
import { mulberry32 } from './mulberry32.ts'
import { quantileOfSorted } from './quantiles.ts'

/** How many bars after a labelled run a regime still counts as having found it. */
const foundBarsAfter = 60
const high = 2
const classes = [0, 1, 2] as const

/** Number of bars by label (row) and shown regime (column): low, normal, high. */
export type Confusion = readonly (readonly number[])[]

export type Scores = {
  readonly counted: number
  readonly macroF1: number
  /** F1 of low, normal and high. */
  readonly f1: readonly [number, number, number]
  readonly truePositives: readonly [number, number, number]
  /** Number of bars with each label. */
  readonly support: readonly [number, number, number]
}

/** Counts bars that have a label and a z, by label and regime. */
export function countConfusion(
  labels: Labels,
  regimes: Uint8Array,
  isCounted: (bar: number) => boolean,
): Confusion {
  const counts = classes.map(() => [0, 0, 0])
  labels.forEach((label, bar) => {
    if (label < 0 || !isCounted(bar)) return
    const row = counts[label]
    const regime = regimes[bar] ?? 1
    if (row !== undefined) row[regime] = (row[regime] ?? 0) + 1
  })
  return counts
}

export function addConfusions(confusions: readonly Confusion[]): Confusion {
  return classes.map((label) =>
    classes.map((regime) => confusions.reduce((sum, one) => sum + (one[label]?.[regime] ?? 0), 0)),
  )
}

/** F1 = 2 TP / (2 TP + FP + FN) of each class, 0 if a class neither occurs nor is shown, and their mean. */
export function scoreConfusion(confusion: Confusion): Scores {
  const cell = (label: number, regime: number): number => confusion[label]?.[regime] ?? 0
  const ofClass = (one: number) => {
    const truePositives = cell(one, one)
    const labelled = classes.reduce<number>((sum, regime) => sum + cell(one, regime), 0)
    const shown = classes.reduce<number>((sum, label) => sum + cell(label, one), 0)
    return {
      truePositives,
      labelled,
      f1: labelled + shown === 0 ? 0 : (2 * truePositives) / (labelled + shown),
    }
  }
  const [low, normal, highest] = [ofClass(0), ofClass(1), ofClass(2)]
  return {
    counted: low.labelled + normal.labelled + highest.labelled,
    macroF1: (low.f1 + normal.f1 + highest.f1) / 3,
    f1: [low.f1, normal.f1, highest.f1],
    truePositives: [low.truePositives, normal.truePositives, highest.truePositives],
    support: [low.labelled, normal.labelled, highest.labelled],
  }
}

export type Detection = {
  readonly onsets: number
  /** Onsets at which the regime was high already. */
  readonly already: number
  readonly found: number
  readonly missed: number
  /** Over the onsets that were found, in bars; null if there are none. */
  readonly medianLagBars: number | null
}

/** For each onset of high labels, how long it took until the regime was high. The first counted bar is no onset. */
export function measureDetection(
  labels: Labels,
  regimes: Uint8Array,
  isCounted: (bar: number) => boolean,
): Detection {
  let [onsets, already, missed] = [0, 0, 0]
  const lags: number[] = []
  const isThere = (bar: number): boolean => (labels[bar] ?? -1) >= 0 && isCounted(bar)
  for (let bar = 1; bar < labels.length; bar += 1) {
    if (labels[bar] !== high || labels[bar - 1] === high || !isThere(bar) || !isThere(bar - 1)) continue
    onsets += 1
    if (regimes[bar] === high) {
      already += 1
      continue
    }
    let end = bar
    while (labels[end + 1] === high) end += 1
    const last = Math.min(end + foundBarsAfter, regimes.length - 1)
    let found = bar + 1
    while (found <= last && regimes[found] !== high) found += 1
    if (found <= last) lags.push(found - bar)
    else missed += 1
  }
  lags.sort((a, b) => a - b)
  return {
    onsets,
    already,
    found: lags.length,
    missed,
    medianLagBars: lags.length === 0 ? null : quantileOfSorted(lags, 0.5),
  }
}

/** Transitions per day of counted bars, including exits, that complete at one of them; 0 without bars. */
export function alertsPerDay(
  transitionBars: readonly number[],
  isCounted: (bar: number) => boolean,
  { counted, barsPerDay }: { readonly counted: number; readonly barsPerDay: number },
): number {
  return counted === 0 ? 0 : transitionBars.filter(isCounted).length / (counted / barsPerDay)
}

const bootstrapBlockBars = 1_440
const bootstrapDraws = 1_000

/**
 * The 95 % interval of a macro-F1 by a moving-block bootstrap (Künsch 1989): blocks of 1,440 counted bars are drawn
 * with replacement up to the number of counted bars, a thousand times. `pairs` holds a bar's label times 3 plus its
 * regime, in order of time. Null for less than one block.
 */
export function macroF1Interval(pairs: Uint8Array, seed: number): Interval | null {
  return bootstrap([pairs], seed, ([own = 0]) => own)
}

/**
 * The 95 % interval of the difference of two macro-F1: both are computed over the same drawn blocks, so that
 * difficulties common to both cancel out. The two columns are about the same bars.
 */
export function macroF1LeadInterval(pairs: Uint8Array, others: Uint8Array, seed: number): Interval | null {
  return bootstrap([pairs, others], seed, ([own = 0, other = 0]) => own - other)
}

export type Interval = readonly [low: number, high: number]

function bootstrap(
  columns: readonly Uint8Array[],
  seed: number,
  measure: (macroF1s: readonly number[]) => number,
): Interval | null {
  const bars = columns[0]?.length ?? 0
  if (bars < bootstrapBlockBars) return null
  const draw = mulberry32(seed)
  const counted = columns.map(runningCounts)
  const measures = new Float64Array(bootstrapDraws)
  for (let index = 0; index < bootstrapDraws; index += 1) {
    const drawn = counted.map(() => new Float64Array(9))
    for (let left = bars; left > 0; left -= bootstrapBlockBars) {
      const length = Math.min(left, bootstrapBlockBars)
      const start = Math.floor(draw() * (bars - length + 1))
      for (const [column, running] of counted.entries()) {
        const cells = drawn[column] ?? new Float64Array(9)
        for (const [cell, counts] of running.entries())
          cells[cell] = (cells[cell] ?? 0) + (counts[start + length] ?? 0) - (counts[start] ?? 0)
      }
    }
    measures[index] = measure(drawn.map(macroF1Of))
  }
  measures.sort()
  return [quantileOfSorted(measures, 0.025), quantileOfSorted(measures, 0.975)]
}

/** Cumulative counts by cell, so that a block costs nine subtractions. */
function runningCounts(pairs: Uint8Array): readonly Uint32Array[] {
  return Array.from({ length: 9 }, (_, cell) => {
    const counts = new Uint32Array(pairs.length + 1)
    for (let bar = 0; bar < pairs.length; bar += 1)
      counts[bar + 1] = (counts[bar] ?? 0) + (pairs[bar] === cell ? 1 : 0)
    return counts
  })
}

function macroF1Of(cells: Float64Array): number {
  return scoreConfusion(classes.map((label) => classes.map((regime) => cells[3 * label + regime] ?? 0)))
    .macroF1
}
