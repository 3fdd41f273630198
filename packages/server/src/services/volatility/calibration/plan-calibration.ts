import { type EntrantName, servedMethods } from '../domain/contest.ts'
import type { Labels } from '../domain/labels.ts'
import type { BarRange } from '../domain/run-machine.ts'
import { type Fold, foldsOf, type LabelSet, trainingLabels } from '../domain/walk-forward.ts'
import {
  type CalibrationTask,
  numbersPerScore,
  numbersPerThreshold,
  toGridColumn,
} from './calibration-task.ts'
import { fitDrive, type FittedDrive, type GridEntrant } from './fit-drive.ts'
import type { CalibrationColumns } from './series-columns.ts'
import { toSharedColumn, toSharedLabels } from './shared-columns.ts'

const combinationsPerTask = 64
const gridEntrants = [...servedMethods, 'percentile'] as const satisfies readonly GridEntrant[]

/** A grid to score on a range with some label sets. */
export type GridJob = {
  readonly drive: FittedDrive
  readonly labelSets: readonly Labels[]
  /** Macro-F1 and alerts per day for each label set and combination. */
  readonly out: Float64Array
}

export type FoldPlan = {
  readonly fold: Fold
  readonly labels: { readonly global: Labels; readonly local: Labels }
  /** Scored with global labels, then with local ones. */
  readonly grids: ReadonlyMap<GridEntrant, GridJob>
  /** Regimes from the first training bar to the end of the test. */
  readonly chains: ReadonlyMap<'hmm-2' | 'hmm-3', Uint8Array>
}

export type CalibrationPlan = {
  /** By offset of the start in days; offsets without a complete fold are omitted. */
  readonly starts: readonly { readonly byDays: number; readonly folds: readonly FoldPlan[] }[]
  /** Each served method on all bars, with global labels. */
  readonly inSample: ReadonlyMap<GridEntrant, GridJob>
  readonly tasks: readonly CalibrationTask[]
  /** The output buffers of the tasks, in order. */
  readonly outs: readonly (Float64Array | Uint8Array)[]
}

export type WalkForward = {
  readonly barsPerDay: number
  readonly trainDays: number
  readonly testDays: number
  readonly entrants: readonly EntrantName[]
  /** Offsets in days by which the first training bar is moved, to show how much of a score is chance. */
  readonly movedStarts: readonly number[]
}

/** All computations of a calibration, as tasks for threads. */
export function planCalibration(
  columns: CalibrationColumns,
  { barsPerDay, trainDays, testDays, entrants, movedStarts }: WalkForward,
): CalibrationPlan {
  const tasks: CalibrationTask[] = []
  const outs: (Float64Array | Uint8Array)[] = []
  const isIn = (name: EntrantName): boolean => entrants.includes(name)

  const planGrid = (
    name: GridEntrant,
    range: BarRange,
    labelSets: readonly Labels[],
  ): readonly [GridEntrant, GridJob][] => {
    const drive = isIn(name) ? fitDrive(name, columns, range) : undefined
    if (drive === undefined) return []
    const grid = toSharedColumn(toGridColumn(drive.grid))
    const combinations = grid.length / numbersPerThreshold
    const out = toSharedColumn(
      new Float64Array(labelSets.length * combinations * numbersPerScore).fill(Number.NaN),
    )
    outs.push(out)
    for (let from = 0; from < combinations; from += combinationsPerTask)
      tasks.push({
        kind: 'grid',
        drive: drive.values,
        labelSets,
        range,
        barsPerDay,
        grid,
        from,
        to: Math.min(combinations, from + combinationsPerTask),
        out,
      })
    return [[name, { drive, labelSets, out }]]
  }

  const planChain = (
    name: 'hmm-2' | 'hmm-3',
    { training, test }: Fold,
  ): readonly [typeof name, Uint8Array][] => {
    if (!isIn(name)) return []
    const out = new Uint8Array(new SharedArrayBuffer(test.to - training.from))
    outs.push(out)
    const states = name === 'hmm-2' ? 2 : 3
    tasks.push({ kind: 'chain', variances: columns.variances, training, test, states, out })
    return [[name, out]]
  }

  const planFold = (fold: Fold): FoldPlan => {
    const labelsOf = (set: LabelSet): Labels => toSharedLabels(trainingLabels(set, fold.training))
    const labels = {
      global: labelsOf({ kind: 'global', smooth: columns.smooth }),
      local: labelsOf({ kind: 'local', labels: columns.local }),
    }
    return {
      fold,
      labels,
      grids: new Map(
        gridEntrants.flatMap((name) => planGrid(name, fold.training, [labels.global, labels.local])),
      ),
      chains: new Map((['hmm-2', 'hmm-3'] as const).flatMap((name) => planChain(name, fold))),
    }
  }

  const all = { from: 0, to: columns.bars }
  const inSample = new Map(servedMethods.flatMap((name) => planGrid(name, all, [columns.global])))
  const starts = [0, ...movedStarts].flatMap((byDays) => {
    const moved = byDays * barsPerDay
    const folds = foldsOf(columns.bars - moved, trainDays * barsPerDay, testDays * barsPerDay)
    return folds.length === 0 ? [] : [{ byDays, folds: folds.map((fold) => planFold(moveFold(fold, moved))) }]
  })
  return { starts, inSample, tasks, outs }
}

function moveFold({ training, test }: Fold, bars: number): Fold {
  const move = ({ from, to }: BarRange): BarRange => ({ from: from + bars, to: to + bars })
  return { training: move(training), test: move(test) }
}
