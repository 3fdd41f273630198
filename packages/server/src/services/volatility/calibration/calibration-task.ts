import { runHiddenMarkov } from '../domain/baselines.ts'
import type { Labels } from '../domain/labels.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { BarRange } from '../domain/run-machine.ts'
import { gridScorer } from '../domain/score-grid.ts'

/** Length of one threshold's record in a shared grid, and of one score's in a shared result. */
export const numbersPerThreshold = 6
export const numbersPerScore = 2

/**
 * Scores a part of a grid and writes the scores to `out`, for each label set and combination. All threads share the
 * columns.
 */
export type GridTask = {
  readonly kind: 'grid'
  readonly drive: Float64Array
  readonly labelSets: readonly Labels[]
  readonly range: BarRange
  readonly barsPerDay: number
  readonly grid: Float64Array
  /** The range of combinations of this task; `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly out: Float64Array
}

/**
 * Fits a hidden Markov chain on the training part and writes the regimes, from its first bar to the end of the test,
 * to `out`.
 */
export type ChainTask = {
  readonly kind: 'chain'
  readonly variances: Float64Array
  readonly training: BarRange
  readonly test: BarRange
  readonly states: 2 | 3
  readonly out: Uint8Array
}

export type CalibrationTask = GridTask | ChainTask

const seed = 1

/** Runs a task and writes its result. The result depends on the task alone, so any thread may run it. */
export function runCalibrationTask(task: CalibrationTask): void {
  switch (task.kind) {
    case 'grid': {
      const { drive, range, barsPerDay, grid, out } = task
      const combinations = grid.length / numbersPerThreshold
      const score = gridScorer({ drive, labelSets: task.labelSets, range, barsPerDay })
      for (let index = task.from; index < task.to; index += 1)
        for (const [set, { macroF1, alertsPerDay }] of score(thresholdsAt(grid, index)).entries()) {
          const place = (set * combinations + index) * numbersPerScore
          out[place] = macroF1
          out[place + 1] = alertsPerDay
        }
      return
    }
    case 'chain': {
      const { variances, training, test, states, out } = task
      const whole = { from: training.from, to: test.to }
      out.set(runHiddenMarkov(variances, { training, test: whole }, { states, seed }))
      return
    }
  }
}

function thresholdsAt(grid: Float64Array, index: number): Thresholds {
  const at = (place: number): number => grid[index * numbersPerThreshold + place] ?? Number.NaN
  return {
    highEnter: at(0),
    highExit: at(1),
    lowEnter: at(2),
    lowExit: at(3),
    enterK: at(4),
    exitK: at(5),
  }
}

export function toGridColumn(grid: readonly Thresholds[]): Float64Array {
  return Float64Array.from(
    grid.flatMap(({ highEnter, highExit, lowEnter, lowExit, enterK, exitK }) => [
      highEnter,
      highExit,
      lowEnter,
      lowExit,
      enterK,
      exitK,
    ]),
  )
}
