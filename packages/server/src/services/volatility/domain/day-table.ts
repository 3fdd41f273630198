import { labelOf, type LabelLevels, globalLevels } from './labels.ts'
import { quantileOfSorted } from './quantiles.ts'
import { regimeCodes, type Regime } from './regime-code.ts'

/** The number of newest bars behind a table, and the least number required (specification 7.8). */
export const confidenceBars = { window: 43_200, least: 5_040, least4h: 1_000, least1d: 500 } as const
const cells = 20
/** Weight of the base rate in each cell, in bars. */
const smoothing = 50

export const dayMs = 86_400_000

/** Labels of the last month's bars by their volatility. Made at 00:00 UTC and never changed. */
export type DayTable = {
  /** The midnight at which it was made; it applies to bars that end within the following day. */
  readonly dayMs: number
  readonly levels: LabelLevels
  /** The inner twentieths of Garman-Klass volatility; a value equal to an edge belongs to the upper cell. */
  readonly edges: readonly number[]
  /** Number of bars in each cell with the label low, normal and high. */
  readonly counts: readonly (readonly [number, number, number])[]
  /** Shares of the three labels over all bars. */
  readonly base: readonly [number, number, number]
  readonly bars: number
}

export type Probabilities = { readonly low: number; readonly normal: number; readonly high: number }

/** The data behind a day table: bars whose label was known by midnight, newest last. */
export type MaturedBars = {
  /** S of each bar. */
  readonly smooth: Float64Array
  /** Garman-Klass volatility of each bar. */
  readonly garmanKlass: Float64Array
}

/** The table of a midnight; undefined if there are fewer than `least` bars. Only the newest 43,200 are used. */
export function makeDayTable(midnightMs: number, matured: MaturedBars, least: number): DayTable | undefined {
  const smooth = matured.smooth.subarray(-confidenceBars.window)
  const garmanKlass = matured.garmanKlass.subarray(-confidenceBars.window)
  const bars = smooth.length
  if (bars < least) return undefined
  const levels = globalLevels(smooth)
  const sorted = garmanKlass.toSorted()
  const edges = Array.from({ length: cells - 1 }, (_, index) => quantileOfSorted(sorted, (index + 1) / cells))
  const counts = Array.from({ length: cells }, (): [number, number, number] => [0, 0, 0])
  const total: [number, number, number] = [0, 0, 0]
  smooth.forEach((value, bar) => {
    const label = labelOf(value, levels)
    const cell = counts[cellOf(edges, garmanKlass[bar] ?? 0)]
    if (cell === undefined || (label !== 0 && label !== 1 && label !== 2)) return
    cell[label] += 1
    total[label] += 1
  })
  return {
    dayMs: midnightMs,
    levels,
    edges,
    counts,
    base: [total[0] / bars, total[1] / bars, total[2] / bars],
    bars,
  }
}

/** How often bars with this volatility were labelled low, normal and high, and the number of those bars. */
export function readDayTable(
  table: DayTable,
  garmanKlass: number,
): { readonly probabilities: Probabilities; readonly sample: number } {
  const counts = table.counts[cellOf(table.edges, garmanKlass)] ?? [0, 0, 0]
  const sample = counts[0] + counts[1] + counts[2]
  const share = (label: 0 | 1 | 2): number =>
    (counts[label] + smoothing * table.base[label]) / (sample + smoothing)
  return { probabilities: { low: share(0), normal: share(1), high: share(2) }, sample }
}

/**
 * The midnight whose table applies to a bar that ends at `endMs`; a bar that ends at 24:00 belongs to the day before.
 */
export function midnightOf(endMs: number): number {
  return Math.floor((endMs - 1) / dayMs) * dayMs
}

function cellOf(edges: readonly number[], value: number): number {
  let cell = 0
  while (cell < edges.length && value >= (edges[cell] ?? Number.POSITIVE_INFINITY)) cell += 1
  return cell
}

/** A predicted probability with the actual label, for scoring. */
export type ScoredBar = {
  readonly probabilities: Probabilities
  readonly base: readonly [number, number, number]
  readonly shown: Regime
  /** Code of the actual label. */
  readonly label: number
}

export type ConfidenceScores = {
  readonly bars: number
  /** Mean of Σ_k (p_k − y_k)², also for the base rate. */
  readonly brier: number
  readonly brierOfBase: number
  /** Mean of −ln of the actual label's probability, also for the base rate. */
  readonly logScore: number
  readonly logScoreOfBase: number
  /** Mean of (p − agreed)² for the shown regime, also for its base rate. */
  readonly brierOfShown: number
  readonly brierOfShownBase: number
  /** By tenths of confidence: number of bars, mean confidence, share that agreed. */
  readonly reliability: readonly { readonly bars: number; readonly mean: number; readonly agreed: number }[]
  /** The mean difference of confidence and agreement over the tenths, weighted by bars. */
  readonly weightedGap: number
}

/** Scores of probabilities against known labels. */
export function scoreConfidence(scored: readonly ScoredBar[]): ConfidenceScores {
  const bars = scored.length
  const tenths = Array.from({ length: 10 }, () => ({ bars: 0, sum: 0, agreed: 0 }))
  let [brier, brierOfBase, logScore, logScoreOfBase, brierOfShown, brierOfShownBase] = [0, 0, 0, 0, 0, 0]
  for (const { probabilities, base, shown, label } of scored) {
    const p = [probabilities.low, probabilities.normal, probabilities.high]
    for (const code of [0, 1, 2]) {
      const came = code === label ? 1 : 0
      brier += ((p[code] ?? 0) - came) ** 2
      brierOfBase += ((base[code] ?? 0) - came) ** 2
    }
    logScore -= Math.log(p[label] ?? 0)
    logScoreOfBase -= Math.log(base[label] ?? 0)
    const code = regimeCodes[shown]
    const agreed = code === label ? 1 : 0
    const confidence = p[code] ?? 0
    brierOfShown += (confidence - agreed) ** 2
    brierOfShownBase += ((base[code] ?? 0) - agreed) ** 2
    const tenth = tenths[Math.min(9, Math.floor(confidence * 10))]
    if (tenth === undefined) continue
    tenth.bars += 1
    tenth.sum += confidence
    tenth.agreed += agreed
  }
  return {
    bars,
    brier: brier / bars,
    brierOfBase: brierOfBase / bars,
    logScore: logScore / bars,
    logScoreOfBase: logScoreOfBase / bars,
    brierOfShown: brierOfShown / bars,
    brierOfShownBase: brierOfShownBase / bars,
    reliability: tenths.map((tenth) => ({
      bars: tenth.bars,
      mean: tenth.sum / tenth.bars,
      agreed: tenth.agreed / tenth.bars,
    })),
    weightedGap: tenths.reduce((sum, tenth) => sum + Math.abs(tenth.sum - tenth.agreed), 0) / bars,
  }
}
