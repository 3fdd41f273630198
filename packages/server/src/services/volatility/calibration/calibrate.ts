import { createHash } from 'node:crypto'
import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import {
  alertBudgets,
  type Contest,
  type EntrantName,
  servedMethods,
  type ServedMethod,
} from '../domain/contest.ts'
import type { HarCoefficients } from '../domain/har-windows.ts'
import type { LabelLevels, Labels } from '../domain/labels.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { bestInBand, type GridScore, gridScorer, paretoFront, presetBands } from '../domain/score-grid.ts'
import {
  countConfusion,
  type Detection,
  measureDetection,
  type Scores,
  scoreConfusion,
} from '../domain/scores.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { regimesOver } from '../domain/walk-forward.ts'
import { type CalibrationTask, numbersPerScore } from './calibration-task.ts'
import { type CalibrationPlan, type GridJob, planCalibration } from './plan-calibration.ts'
import { runTasks } from './run-tasks.ts'
import { judgeContests } from './score-entrants.ts'
import { type CalibrationColumns, toCalibrationColumns } from './series-columns.ts'

/** Increased when the same bars would give different results. */
const calibrationVersion = 1

const dayMs = 86_400_000

export type CalibrationInput = {
  /** What the bars are of, for example a symbol or a file name. */
  readonly name: string
  readonly timeframe: Timeframe
  /** Closed bars, oldest first. */
  readonly bars: OhlcColumns
  readonly trainDays: number
  readonly testDays: number
  readonly entrants: readonly EntrantName[]
  /** Offsets in days by which the first training bar is moved for repeated measurements. */
  readonly movedStarts: readonly number[]
}

/** Stores results of an interrupted run. They are reused only for exactly the same input. */
export type CalibrationMemory = {
  readonly load: (key: string) => Promise<Uint8Array | undefined>
  readonly save: (key: string, results: Uint8Array) => Promise<void>
  /** Called when the run has finished. */
  readonly forget: (key: string) => Promise<void>
}

export type CalibrationOptions = {
  readonly workers: number
  readonly signal?: AbortSignal
  readonly memory?: CalibrationMemory
  readonly onProgress?: (progress: CalibrationProgress) => void
}

export type CalibrationProgress = {
  /** The number of combinations of thresholds and bars that are scored, out of `of`. */
  readonly done: number
  readonly of: number
  /** The part of `done` that an earlier run left. */
  readonly before: number
  /**
   * Share of this run's work that is done, 0 to 1, weighted by bars, because combinations differ in their number of
   * bars.
   */
  readonly share: number
}

/** The thresholds of one method fitted on all bars. They are in-sample, so their scores are not published. */
export type FittedMethod = {
  readonly method: ServedMethod
  readonly coefficients: HarCoefficients | null
  readonly spread: { readonly mean: number; readonly deviation: number } | null
  /** Null if no combination is in the preset's band: the built-in thresholds stay. */
  readonly presets: Readonly<Record<BuiltInPreset, GridScore | null>>
  /** The Pareto front of macro-F1 and alerts per day. */
  readonly front: readonly GridScore[]
}

export type BuiltInScore = {
  readonly preset: BuiltInPreset
  readonly global: Scores
  readonly local: Scores
  readonly alertsPerDay: number
  readonly detection: Detection
}

export type CalibrationReport = {
  readonly version: number
  readonly name: string
  readonly timeframe: Timeframe
  readonly bars: number
  readonly fromMs: number
  /** End of the last bar. */
  readonly toMs: number
  readonly trainDays: number
  readonly testDays: number
  /** The test parts, whose figures are pooled: open time of the first bar, end of the last. */
  readonly tests: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly labels: {
    readonly levels: LabelLevels
    /** Number of evaluated bars by label: low, normal, high. */
    readonly global: readonly [number, number, number]
    readonly local: readonly [number, number, number]
  }
  /** Scores of the built-in presets, which were not fitted, on all bars. */
  readonly builtIn: readonly BuiltInScore[]
  readonly inSample: readonly FittedMethod[]
  readonly budgets: readonly number[]
  /** Out-of-sample comparisons. */
  readonly contests: readonly Contest[]
}

/**
 * Measures methods against labels by walk-forward evaluation (specification 7). The result is the same for any number
 * of workers. Rejects with the signal's reason once it aborts; results so far are in `memory`, and the next run
 * continues from them.
 */
export async function calibrate(
  input: CalibrationInput,
  { workers, signal, memory, onProgress }: CalibrationOptions,
): Promise<CalibrationReport> {
  const { timeframe, bars, trainDays, testDays, entrants, movedStarts } = input
  const barsPerDay = dayMs / intervalMs[timeframe]
  const columns = toCalibrationColumns(timeframe, bars, entrants)
  const plan = planCalibration(columns, { barsPerDay, trainDays, testDays, entrants, movedStarts })
  if (plan.starts.length === 0)
    throw new Error(
      `${trainDays} days of training leave nothing to test on: there are ${(columns.bars / barsPerDay).toFixed(1)} days`,
    )
  await compute(plan, { key: toKey(input), workers, signal, memory, onProgress })
  const endOf = (bar: number): number => (bars.openMs[bar] ?? 0) + intervalMs[timeframe]
  const isCounted = (bar: number): boolean => !Number.isNaN(columns.z[bar])
  return {
    version: calibrationVersion,
    name: input.name,
    timeframe,
    bars: columns.bars,
    fromMs: bars.openMs[0] ?? 0,
    toMs: endOf(columns.bars - 1),
    trainDays,
    testDays,
    tests: (plan.starts[0]?.folds ?? []).map(({ fold: { test } }) => ({
      fromMs: bars.openMs[test.from] ?? 0,
      toMs: endOf(test.to - 1),
    })),
    labels: {
      levels: columns.levels,
      global: countLabels(columns.global, isCounted),
      local: countLabels(columns.local, isCounted),
    },
    builtIn: scoreBuiltIn(columns, barsPerDay),
    inSample: servedMethods.flatMap((method) => {
      const job = plan.inSample.get(method)
      return job === undefined ? [] : [toFittedMethod(method, job)]
    }),
    budgets: alertBudgets,
    contests: judgeContests(columns, plan, { barsPerDay, entrants }),
  }
}

const saveEveryMs = 5_000

async function compute(
  { tasks, outs }: CalibrationPlan,
  {
    key,
    workers,
    signal,
    memory,
    onProgress,
  }: {
    readonly key: string
    readonly workers: number
    readonly signal: AbortSignal | undefined
    readonly memory: CalibrationMemory | undefined
    readonly onProgress: CalibrationOptions['onProgress']
  },
): Promise<void> {
  const isDone = new Uint8Array(tasks.length)
  const parts = [isDone, ...outs.map((out) => new Uint8Array(out.buffer))]
  const kept = await memory?.load(key)
  if (kept !== undefined) unpack(kept, parts)
  const combinations = tasks.map((task) => (task.kind === 'grid' ? task.to - task.from : 1))
  const efforts = tasks.map(effortOf)
  const sum = (values: readonly number[], chosen: (task: number) => boolean): number =>
    values.reduce((total, value, task) => total + (chosen(task) ? value : 0), 0)
  const of = sum(combinations, () => true)
  const before = sum(combinations, (task) => isDone[task] === 1)
  const effort = sum(efforts, (task) => isDone[task] !== 1)
  let [done, spent] = [before, 0]
  let savedMs = performance.now()
  let saving: Promise<void> = Promise.resolve()
  const report = (): void => onProgress?.({ done, of, before, share: effort === 0 ? 1 : spent / effort })
  report()
  const left = tasks.flatMap((task, id) => (isDone[id] === 1 ? [] : [{ id, task }]))
  try {
    await runTasks(left, {
      workers,
      signal,
      onDone: (id) => {
        isDone[id] = 1
        done += combinations[id] ?? 0
        spent += efforts[id] ?? 0
        report()
        if (memory === undefined || performance.now() - savedMs < saveEveryMs) return
        savedMs = performance.now()
        saving = saving.then(() => memory.save(key, pack(parts)))
      },
    })
  } catch (error) {
    await saving
    await memory?.save(key, pack(parts))
    throw error
  }
  await saving
  await memory?.forget(key)
}

/** Estimated duration of a task, in passes of the machine over one bar. */
function effortOf(task: CalibrationTask): number {
  if (task.kind === 'chain') return (task.test.to - task.training.from) * task.states * 500
  return (task.to - task.from) * (task.range.to - task.range.from) * task.labelSets.length
}

function pack(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

function unpack(bytes: Uint8Array, parts: readonly Uint8Array[]): void {
  if (bytes.length !== parts.reduce((sum, { length }) => sum + length, 0)) return
  let from = 0
  for (const part of parts) {
    part.set(bytes.subarray(from, from + part.length))
    from += part.length
  }
}

/** A key that differs for inputs with different results. */
function toKey({ bars, ...about }: CalibrationInput): string {
  const hash = createHash('sha256').update(JSON.stringify({ ...about, version: calibrationVersion }))
  for (const column of [bars.openMs, bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  return hash.digest('hex')
}

function countLabels(labels: Labels, isCounted: (bar: number) => boolean): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0]
  labels.forEach((label, bar) => {
    if (isCounted(bar) && (label === 0 || label === 1 || label === 2)) counts[label] += 1
  })
  return counts
}

function scoreBuiltIn(
  { bars, z, global, local }: CalibrationColumns,
  barsPerDay: number,
): readonly BuiltInScore[] {
  const range = { from: 0, to: bars }
  const isCounted = (bar: number): boolean => !Number.isNaN(z[bar])
  const alerts = gridScorer({ drive: z, labelSets: [global], range, barsPerDay })
  return (['conservative', 'balanced', 'aggressive'] as const).map((preset) => {
    const regimes = regimesOver(z, range, builtInPresets[preset])
    const ofGlobal = scoreConfusion(countConfusion(global, regimes, isCounted))
    return {
      preset,
      global: ofGlobal,
      local: scoreConfusion(countConfusion(local, regimes, isCounted)),
      alertsPerDay: alerts(builtInPresets[preset])[0]?.alertsPerDay ?? 0,
      detection: measureDetection(global, regimes, isCounted),
    }
  })
}

function toFittedMethod(method: ServedMethod, { drive, out }: GridJob): FittedMethod {
  const scores = drive.grid.map((thresholds, index) => ({
    thresholds,
    macroF1: out[index * numbersPerScore] ?? Number.NaN,
    alertsPerDay: out[index * numbersPerScore + 1] ?? Number.NaN,
  }))
  const best = (preset: BuiltInPreset): GridScore | null => bestInBand(scores, presetBands[preset]) ?? null
  return {
    method,
    coefficients: drive.coefficients,
    spread: drive.spread,
    presets: {
      conservative: best('conservative'),
      balanced: best('balanced'),
      aggressive: best('aggressive'),
    },
    front: paretoFront(scores),
  }
}
