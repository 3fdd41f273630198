import { type AlertBand, bestInBand, type GridScore, gridScorer } from './score-grid.ts'
import { barsAhead, globalLabels, globalLevels, type Labels, noLabel } from './labels.ts'
import type { Thresholds } from './regime-machine.ts'
import { type BarRange, runMachine } from './run-machine.ts'

export type Fold = { readonly training: BarRange; readonly test: BarRange }

/**
 * Walk-forward folds: train, freeze, test on what follows, advance by the length of the test; the last fold extends
 * to the end (specification 7.4).
 */
export function foldsOf(bars: number, trainBars: number, testBars: number): readonly Fold[] {
  const folds: Fold[] = []
  for (let from = 0; from + trainBars + testBars <= bars || folds.length === 0; from += testBars) {
    const start = from + trainBars
    if (start >= bars) break
    const isLast = start + 2 * testBars > bars
    folds.push({ training: { from, to: start }, test: { from: start, to: isLast ? bars : start + testBars } })
  }
  return folds
}

/** The driving values of a fold, and the thresholds that are tried on them. */
export type Drive = { readonly values: Float64Array; readonly grid: readonly Thresholds[] }

/** Kind of labels: `global` compares with the whole evaluated range, `local` with the bars just before. */
export type LabelSet =
  | { readonly kind: 'global'; readonly smooth: Float64Array }
  | { readonly kind: 'local'; readonly labels: Labels }

export type FoldResult = {
  readonly fold: Fold
  readonly chosen: GridScore
  /** The regime of each test bar. */
  readonly regimes: Uint8Array
  /** Test bars at which a transition completed. */
  readonly transitions: readonly number[]
}

/** The labels of the training part. They use no later data, so its last bars have none. */
export function trainingLabels(set: LabelSet, { from, to }: BarRange): Labels {
  const last = to - barsAhead
  if (set.kind === 'local')
    return set.labels.map((label, bar) => (bar >= from && bar < last ? label : noLabel))
  const known = set.smooth.map((value, bar) => (bar >= from && bar < last ? value : Number.NaN))
  return globalLabels(known, globalLevels(known))
}

/** The labels of all test parts together. */
export function testLabels(set: LabelSet, folds: readonly Fold[]): Labels {
  const isTested = (bar: number): boolean => folds.some(({ test }) => bar >= test.from && bar < test.to)
  if (set.kind === 'local') return set.labels.map((label, bar) => (isTested(bar) ? label : noLabel))
  const known = set.smooth.map((value, bar) => (isTested(bar) ? value : Number.NaN))
  return globalLabels(known, globalLevels(known))
}

/** The regime of each bar of a range; the machine starts in normal at the first. */
export function regimesOver(values: Float64Array, range: BarRange, thresholds: Thresholds): Uint8Array {
  const regimes = new Uint8Array(range.to - range.from)
  runMachine(values, range, thresholds, (bar, regime) => {
    regimes[bar - range.from] = regime
  })
  return regimes
}

/**
 * Chooses thresholds on the training part and runs them through the test; the machine starts in normal at the first
 * training bar. Undefined if no combination is in the band.
 */
export function runFold(
  fold: Fold,
  { values, grid }: Drive,
  {
    set,
    band,
    barsPerDay,
  }: { readonly set: LabelSet; readonly band: AlertBand; readonly barsPerDay: number },
): FoldResult | undefined {
  const labels = trainingLabels(set, fold.training)
  const score = gridScorer({ drive: values, labelSets: [labels], range: fold.training, barsPerDay })
  const chosen = bestInBand(grid.flatMap(score), band)
  if (chosen === undefined) return undefined
  const regimes = new Uint8Array(fold.test.to - fold.test.from)
  const transitions: number[] = []
  runMachine(
    values,
    { from: fold.training.from, to: fold.test.to },
    chosen.thresholds,
    (bar, regime, isTransition) => {
      if (bar < fold.test.from) return
      regimes[bar - fold.test.from] = regime
      if (isTransition) transitions.push(bar)
    },
  )
  return { fold, chosen, regimes, transitions }
}
