import { builtInPresets } from '../domain/built-in-presets.ts'
import { cusumGrid, runCusum } from '../domain/baselines.ts'
import {
  alertBudgets,
  type Contest,
  defaultEntrant,
  type EntrantName,
  type EntrantScore,
  judgeContest,
  type LabelKind,
  type MovedStart,
} from '../domain/contest.ts'
import { type Labels, noLabel } from '../domain/labels.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { type AlertBand, bestInBand, gridScorer } from '../domain/score-grid.ts'
import {
  alertsPerDay,
  countConfusion,
  type Detection,
  macroF1Interval,
  macroF1LeadInterval,
  measureDetection,
  type Scores,
  scoreConfusion,
} from '../domain/scores.ts'
import { type LabelSet, regimesOver, testLabels } from '../domain/walk-forward.ts'
import { numbersPerScore } from './calibration-task.ts'
import type { CalibrationPlan, FoldPlan } from './plan-calibration.ts'
import type { CalibrationColumns } from './series-columns.ts'

const seed = 1
const labelKinds = ['global', 'local'] as const

/** One setting of an entrant, and its scores in the training part of a fold. */
type Candidate = {
  readonly macroF1: number
  readonly alertsPerDay: number
  readonly settings: Readonly<Record<string, number>>
  /** From the first training bar to the end of the test. */
  readonly regimes: () => Uint8Array
}

type Start = CalibrationPlan['starts'][number]

type Context = {
  readonly columns: CalibrationColumns
  readonly barsPerDay: number
  readonly labels: LabelKind
}

/** Out-of-sample contests: how well each entrant labels bars, by label set and alert budget, from all starts. */
export function judgeContests(
  columns: CalibrationColumns,
  plan: CalibrationPlan,
  { barsPerDay, entrants }: { readonly barsPerDay: number; readonly entrants: readonly EntrantName[] },
): readonly Contest[] {
  const [first, ...moved] = plan.starts
  if (first === undefined) return []
  return labelKinds.flatMap((labels) => {
    const context = { columns, barsPerDay, labels }
    const ofFirst = new Field(context, first, entrants)
    if (ofFirst.labels.every((label) => label === noLabel)) return []
    const ofMoved = moved.map((start) => new Field(context, start, entrants))
    return alertBudgets.flatMap((most) => {
      const standards = ofMoved.map((field) => field.show(defaultEntrant, most))
      const standard = ofFirst.show(defaultEntrant, most)
      const scored = entrants.flatMap((name): readonly EntrantScore[] => {
        const shown = ofFirst.show(name, most)
        if (shown === undefined) return []
        const movedStarts = ofMoved.flatMap((field, index): readonly MovedStart[] => {
          const other = field.show(name, most)
          const rival = standards[index]
          if (other === undefined) return []
          return [
            {
              byDays: field.byDays,
              macroF1: other.scores.macroF1,
              alertsPerDay: other.alertsPerDay,
              leadBy:
                name === defaultEntrant || rival === undefined ? null : leadOf(other, rival, field.labels),
            },
          ]
        })
        return [
          {
            name,
            isWithinBudget: shown.isWithinBudget,
            scores: shown.scores,
            interval: macroF1Interval(pairsOf(shown, ofFirst.labels, shown.isCounted), seed),
            alertsPerDay: shown.alertsPerDay,
            detection: shown.detection,
            lead:
              name === defaultEntrant || standard === undefined
                ? null
                : leadWithInterval(shown, standard, ofFirst.labels),
            chosen: shown.chosen,
            movedStarts,
          },
        ]
      })
      return judgeContest(labels, most, scored) ?? []
    })
  })
}

/** An entrant's output on the test parts of all folds. */
type Shown = {
  readonly isWithinBudget: boolean
  readonly chosen: readonly Candidate['settings'][]
  readonly regimes: Uint8Array
  readonly isCounted: (bar: number) => boolean
  readonly scores: Scores
  readonly alertsPerDay: number
  readonly detection: Detection
}

/** All entrants from one start with one label set; computed entrants are cached. */
class Field {
  readonly byDays: number
  /** For all test bars. */
  readonly labels: Labels
  readonly #context: Context
  readonly #folds: readonly FoldPlan[]
  readonly #candidates: ReadonlyMap<EntrantName, readonly (readonly Candidate[])[]>
  readonly #shown = new Map<string, Shown | undefined>()

  constructor(context: Context, { byDays, folds }: Start, entrants: readonly EntrantName[]) {
    this.byDays = byDays
    this.#context = context
    this.#folds = folds
    const set: LabelSet =
      context.labels === 'global'
        ? { kind: 'global', smooth: context.columns.smooth }
        : { kind: 'local', labels: context.columns.local }
    this.labels = testLabels(
      set,
      folds.map(({ fold }) => fold),
    )
    this.#candidates = new Map(
      entrants.map((name) => [name, folds.map((plan) => candidatesOf(name, plan, context))]),
    )
  }

  /** Undefined if the entrant has no output in one of the folds. */
  show(name: EntrantName, most: number): Shown | undefined {
    const key = `${name} ${most}`
    if (!this.#shown.has(key)) this.#shown.set(key, this.#show(name, { least: 0, most }))
    return this.#shown.get(key)
  }

  #show(name: EntrantName, band: AlertBand): Shown | undefined {
    const { columns, barsPerDay } = this.#context
    const ofFolds = this.#candidates.get(name) ?? []
    const chosen = ofFolds.flatMap((candidates) => bestInBand(candidates, band) ?? [])
    const isWithinBudget = chosen.length === this.#folds.length
    // An entrant with a single setting cannot be fitted to the budget; it is shown at whatever it costs.
    const taken = isWithinBudget
      ? chosen
      : ofFolds.flatMap((candidates) => (candidates.length === 1 ? candidates : []))
    if (taken.length !== this.#folds.length) return undefined
    const regimes = new Uint8Array(columns.bars).fill(1)
    const transitions: number[] = []
    for (const [index, { fold }] of this.#folds.entries()) {
      const ofFold = taken[index]?.regimes() ?? new Uint8Array()
      const { training, test } = fold
      regimes.set(ofFold.subarray(test.from - training.from), test.from)
      for (const bar of changesIn(ofFold))
        if (training.from + bar >= test.from) transitions.push(training.from + bar)
    }
    const known = knownColumn(name, columns)
    const isCounted = (bar: number): boolean => !Number.isNaN(known?.[bar])
    const scores = scoreConfusion(countConfusion(this.labels, regimes, isCounted))
    const isScored = (bar: number): boolean => (this.labels[bar] ?? -1) >= 0 && isCounted(bar)
    return {
      isWithinBudget,
      chosen: taken.map(({ settings }) => settings),
      regimes,
      isCounted,
      scores,
      alertsPerDay: alertsPerDay(transitions, isScored, { counted: scores.counted, barsPerDay }),
      detection: measureDetection(this.labels, regimes, isCounted),
    }
  }
}

function candidatesOf(
  name: EntrantName,
  { fold, labels: ofFold, grids, chains }: FoldPlan,
  { columns, barsPerDay, labels }: Context,
): readonly Candidate[] {
  const whole = { from: fold.training.from, to: fold.test.to }
  const training = ofFold[labels]
  switch (name) {
    case 'published-fixed': {
      const thresholds = builtInPresets.balanced
      const { z } = columns
      const score = gridScorer({ drive: z, labelSets: [training], range: fold.training, barsPerDay })
      return score(thresholds).map((one) => ({
        ...one,
        settings: toSettings(thresholds),
        regimes: () => regimesOver(z, whole, thresholds),
      }))
    }
    case 'always-normal':
      return [
        {
          macroF1: 0,
          alertsPerDay: 0,
          settings: {},
          regimes: () => new Uint8Array(whole.to - whole.from).fill(1),
        },
      ]
    case 'published':
    case 'har-gk':
    case 'rv-level':
    case 'percentile': {
      const job = grids.get(name)
      if (job === undefined) return []
      const { values, grid } = job.drive
      const set = labels === 'global' ? 0 : 1
      return grid.map((thresholds, index) => {
        const place = (set * grid.length + index) * numbersPerScore
        return {
          macroF1: job.out[place] ?? Number.NaN,
          alertsPerDay: job.out[place + 1] ?? Number.NaN,
          settings: toSettings(thresholds),
          regimes: () => regimesOver(values, whole, thresholds),
        }
      })
    }
    case 'cusum':
      return cusumGrid.map((settings) => {
        const regimes = runCusum(columns.robust, whole, settings)
        return { ...scoreTraining(regimes, columns.robust), settings, regimes: () => regimes }
      })
    case 'hmm-2':
    case 'hmm-3': {
      const regimes = chains.get(name)
      return regimes === undefined
        ? []
        : [{ ...scoreTraining(regimes, columns.variances), settings: {}, regimes: () => regimes }]
    }
  }

  function scoreTraining(regimes: Uint8Array, known: Float64Array) {
    const bars = fold.training.to - fold.training.from
    const labelled = training.subarray(fold.training.from, fold.training.to)
    const isCounted = (bar: number): boolean => !Number.isNaN(known[fold.training.from + bar])
    const { macroF1, counted } = scoreConfusion(
      countConfusion(labelled, regimes.subarray(0, bars), isCounted),
    )
    const isScored = (bar: number): boolean => (labelled[bar] ?? -1) >= 0 && isCounted(bar)
    const transitions = changesIn(regimes.subarray(0, bars))
    return { macroF1, alertsPerDay: alertsPerDay(transitions, isScored, { counted, barsPerDay }) }
  }
}

/** The settings chosen from a grid, whatever the unit of its levels. */
function toSettings({
  highEnter,
  highExit,
  lowEnter,
  lowExit,
  enterK,
  exitK,
}: Thresholds): Candidate['settings'] {
  return { highEnter, highExit, lowEnter, lowExit, enterK, exitK }
}

/** Bars without a value of an entrant are excluded for it. */
function knownColumn(name: EntrantName, columns: CalibrationColumns): Float64Array | undefined {
  switch (name) {
    case 'published-fixed':
    case 'published':
    case 'always-normal':
      return columns.z
    case 'har-gk':
      return columns.regressors?.at(-1)
    case 'rv-level':
      return columns.lnRv
    case 'percentile':
      return columns.percentile
    case 'cusum':
      return columns.robust
    case 'hmm-2':
    case 'hmm-3':
      return columns.variances
  }
}

/** Bars whose regime differs from that of the previous bar; each run starts in normal. */
function changesIn(regimes: Uint8Array): readonly number[] {
  const bars: number[] = []
  let before = 1
  for (let bar = 0; bar < regimes.length; bar += 1) {
    const regime = regimes[bar] ?? 1
    if (regime !== before) bars.push(bar)
    before = regime
  }
  return bars
}

/** The label times 3 plus the regime of each evaluated bar, in order of time. */
function pairsOf({ regimes }: Shown, labels: Labels, isCounted: (bar: number) => boolean): Uint8Array {
  const pairs: number[] = []
  labels.forEach((label, bar) => {
    if (label >= 0 && isCounted(bar)) pairs.push(3 * label + (regimes[bar] ?? 1))
  })
  return Uint8Array.from(pairs)
}

function countedByBoth(one: Shown, other: Shown): (bar: number) => boolean {
  return (bar) => one.isCounted(bar) && other.isCounted(bar)
}

function leadOf(one: Shown, other: Shown, labels: Labels): number {
  const isCounted = countedByBoth(one, other)
  const macroF1 = ({ regimes }: Shown): number =>
    scoreConfusion(countConfusion(labels, regimes, isCounted)).macroF1
  return macroF1(one) - macroF1(other)
}

function leadWithInterval(one: Shown, other: Shown, labels: Labels): EntrantScore['lead'] {
  const isCounted = countedByBoth(one, other)
  return {
    by: leadOf(one, other, labels),
    interval: macroF1LeadInterval(pairsOf(one, labels, isCounted), pairsOf(other, labels, isCounted), seed),
  }
}
