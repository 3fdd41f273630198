import type { AdviceRow } from './advice-table.ts'
import { addVectors, type CounterVector, type Sums, toSums, zeroVector } from './counters.ts'
import { countInteraction, type CountingRule } from './count-interaction.ts'
import { hitAndFalseAlarm, rateDimensions } from './dimensions.ts'
import { foldHistory } from './fold-history.ts'
import { countCells, type JointCell } from './joint-cells.ts'
import { lossOf } from './loss.ts'
import { mulberry32 } from './mulberry32.ts'
import { normalQuantile } from './normal.ts'
import { type Parameters, parameters } from './parameters.ts'
import { teamGain } from './team-gain.ts'

/** A measure's split-half reliability over people's decisions, and its correlation with measures of the other half. */
export type Validity = {
  readonly measure: MeasureName
  /** Mean correlation between the two halves. */
  readonly r: number
  /** Spearman-Brown reliability for the number of decisions in both halves together. */
  readonly reliability: number
  /** Decisions needed for a reliability of 0.8. */
  readonly decisionsFor80: number
  readonly withOverReliance: number
  readonly withFinalAccuracy: number
  readonly withTeamGain: number
  /** People with enough decisions, and the number of their decisions. */
  readonly people: number
}

export type ValidityReport = {
  /** With enough decisions, and how many they made. */
  readonly people: number
  readonly decisions: number
  readonly measures: readonly Validity[]
}

export const measureNames = [
  'D1 deferral resistance',
  'D2 error detection',
  'D3 independent performance',
  'D4 deliberation (time only)',
  'D5 recalibration (relaxed)',
  'D6 domain confidence',
  'D7 autonomy',
  'jis',
  'RAIR',
  'RSR',
  'over-reliance',
  'under-reliance',
  "d'",
  'criterion c',
  'weight of advice',
  'team gain',
  'mis-reliance loss',
  'discrimination loss',
  'own accuracy alone',
] as const

export type MeasureName = (typeof measureNames)[number]

const decisionsMin = 16
const seeds = 300
/** The times measured in this table (specification 4.7). */
const norm = { tMinMs: 5_681, tRefMs: 11_362 }
const rule: CountingRule = { parameters, norm, taskType: 'open', stampMs: parameters.stamp.ms }

/**
 * Measures the validity of the model's measures on the one public table that allows it, by the recipe of
 * specification 17.
 */
export function measureValidity(rows: readonly AdviceRow[]): ValidityReport {
  const people = [...Map.groupBy(rows, ({ person }) => person).values()].filter(
    (own) => own.length >= decisionsMin,
  )
  const counted = people.map(countPerson)
  const halves = Array.from({ length: seeds }, (_, seed) => halve(counted, mulberry32(seed)))
  const decisions = people.reduce((sum, own) => sum + own.length, 0)
  const measures = measureNames.map((name) => validityOf(name, halves, decisions / people.length))
  return { people: people.length, decisions, measures }
}

/** r, Spearman-Brown, decisions for 0.8; correlation with over-reliance, final accuracy, team gain; people. */
const published: readonly (readonly number[])[] = [
  [0.47, 0.64, 47, -0.34, -0.28, -0.32, 59],
  [0.13, 0.23, 283, -0.06, 0.11, 0.07, 67],
  [0.42, 0.6, 56, 0, 0.36, 0.36, 69],
  [0.71, 0.83, 17, 0.07, 0.21, 0.15, 69],
  [0.34, 0.51, 81, 0.12, 0.17, 0.01, 32],
  [0.3, 0.47, 95, 0.06, 0.27, 0.26, 52],
  [0.42, 0.59, 58, -0.32, -0.18, -0.18, 69],
  [0.29, 0.45, 101, -0.19, 0.06, 0, 69],
  [0.57, 0.73, 31, 0.45, 0.36, 0.38, 61],
  [0.4, 0.57, 63, -0.28, -0.06, -0.09, 28],
  [0.33, 0.49, 86, 0.3, 0.25, 0.3, 67],
  [0.65, 0.79, 22, -0.34, -0.52, -0.52, 69],
  [0.11, 0.2, 333, -0.03, 0.13, 0.09, 67],
  [0.55, 0.71, 34, 0.37, 0.42, 0.44, 67],
  [0.78, 0.87, 12, 0.31, 0.38, 0.36, 69],
  [0.42, 0.59, 58, 0.28, 0.42, 0.42, 69],
  [0.39, 0.56, 65, -0.27, -0.38, -0.38, 68],
  [0.06, 0.11, 663, -0.01, 0.09, 0.15, 68],
  [0.42, 0.59, 57, 0, 0.35, 0.36, 69],
]

/** The published table of specification 17, in the order of `measureNames`. */
export const publishedValidity: readonly Validity[] = measureNames.map((measure, at) => {
  const [r = 0, reliability = 0, decisionsFor80 = 0, over = 0, final = 0, gain = 0, people = 0] =
    published[at] ?? []
  return {
    measure,
    r,
    reliability,
    decisionsFor80,
    withOverReliance: over,
    withFinalAccuracy: final,
    withTeamGain: gain,
    people,
  }
})

/**
 * The measures that differ from the published table by more than the tolerance: ± 0.01, and 5 % for the decisions
 * needed.
 */
export function listDepartures(measures: readonly Validity[]): readonly MeasureName[] {
  return publishedValidity.flatMap((expected, at) => {
    const found = measures[at]
    const isSame =
      found !== undefined &&
      figures.every((name) => Math.abs(found[name] - expected[name]) <= 0.01 + 1e-9) &&
      Math.abs(found.decisionsFor80 / expected.decisionsFor80 - 1) <= 0.05 &&
      Math.round(found.people) === expected.people
    return isSame ? [] : [expected.measure]
  })
}

const figures = ['r', 'reliability', 'withOverReliance', 'withFinalAccuracy', 'withTeamGain'] as const

type Measures = Readonly<Record<MeasureName | 'raw over-reliance' | 'final accuracy', number | null>>
type Halves = readonly { readonly a: Measures; readonly b: Measures }[]

/** One counter vector per decision, tagged by the person's whole history in file order. */
function countPerson(rows: readonly AdviceRow[]): readonly CounterVector[] {
  const { tags } = foldHistory(
    rows.map(({ interaction }) => ({ day: 0, interaction })),
    rule,
  )
  return rows.map(({ interaction }, at) => countInteraction(interaction, rule, tags[at] === true))
}

/** Splits each person's decisions into two random halves; the first has one more if the number is odd. */
function halve(people: readonly (readonly CounterVector[])[], draw: () => number): Halves {
  return people.map((decisions) => {
    const order = shuffle(decisions.length, draw)
    const middle = Math.ceil(order.length / 2)
    const measureOf = (half: readonly number[]): Measures =>
      toMeasures(toSums(half.reduce((sum, at) => addVectors(sum, decisions[at] ?? zeroVector), zeroVector)))
    return { a: measureOf(order.slice(0, middle)), b: measureOf(order.slice(middle)) }
  })
}

/** Fisher–Yates shuffle. */
function shuffle(length: number, draw: () => number): readonly number[] {
  const order = Array.from({ length }, (_, at) => at)
  for (let i = length - 1; i >= 1; i -= 1) {
    const j = Math.floor(draw() * (i + 1))
    const [first = 0, second = 0] = [order[i], order[j]]
    order[i] = second
    order[j] = first
  }
  return order
}

const relaxed = {
  ...parameters,
  recalibration: { ...parameters.recalibration, errors_min: 1, trials_min: 3 },
}

function toMeasures(sums: Sums): Measures {
  const { r00, r01, r10, r11, woa, woa_s: moved, own, own_ok: ownRight, fin, fin_ok: finalRight } = sums
  // Safe: the two versions differ only in the values of figures, whose literal types do not matter here.
  const dimensions = rateDimensions(sums, relaxed as unknown as Parameters).map(({ value }) => value)
  const [d1 = null, d2 = null, d3 = null, d4 = null, d5 = null, d6 = null, d7 = null] = dimensions
  const rates = hitAndFalseAlarm({ n1: r10 + r11, a1: r10, n0: r00 + r01, a0: r00 })
  const [zHit, zFalseAlarm] =
    rates === null ? [0, 0] : [normalQuantile(rates.hit), normalQuantile(rates.falseAlarm)]
  const loss = lossOf(sums, 1)
  const isRair = (cell: JointCell): boolean => !cell.ownRight && cell.aiRight
  const isRsr = (cell: JointCell): boolean => cell.ownRight && !cell.aiRight
  return {
    'D1 deferral resistance': d1,
    'D2 error detection': d2,
    'D3 independent performance': d3,
    'D4 deliberation (time only)': d4,
    'D5 recalibration (relaxed)': d5,
    'D6 domain confidence': d6,
    'D7 autonomy': d7,
    jis: meanOf(dimensions),
    RAIR: smoothed(
      countCells(sums, (cell) => isRair(cell) && cell.finalRight),
      countCells(sums, isRair),
    ),
    RSR: smoothed(
      countCells(sums, (cell) => isRsr(cell) && cell.finalRight),
      countCells(sums, isRsr),
    ),
    'over-reliance': smoothed(r11, r10 + r11),
    'under-reliance': smoothed(r00, r00 + r01),
    "d'": rates === null ? null : zHit - zFalseAlarm,
    'criterion c': rates === null ? null : -(zHit + zFalseAlarm) / 2,
    'weight of advice': share(moved, woa),
    'team gain': teamGain(sums, 1)?.value ?? null,
    'mis-reliance loss': loss?.misReliance.value ?? null,
    'discrimination loss': loss?.discrimination.value ?? null,
    'own accuracy alone': share(ownRight, own),
    'raw over-reliance': share(r11, r10 + r11),
    'final accuracy': share(finalRight, fin),
  }
}

function meanOf(dimensions: readonly (number | null)[]): number | null {
  let [sum, weights] = [0, 0]
  for (const [at, value] of dimensions.entries()) {
    if (value === null) continue
    const weight = parameters.weights[at] ?? 0
    sum += weight * value
    weights += weight
  }
  return share(sum, weights)
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

function smoothed(successes: number, n: number): number | null {
  return n > 0 ? (successes + 1) / (n + 2) : null
}

function validityOf(name: MeasureName, splits: readonly Halves[], decisionsEach: number): Validity {
  const meanWith = (other: keyof Measures): number =>
    mean(splits.map((halves) => correlate(halves, name, other)))
  const r = meanWith(name)
  const reliability = (2 * r) / (1 + r)
  return {
    measure: name,
    r,
    reliability,
    decisionsFor80: (4 * decisionsEach * (1 - reliability)) / reliability,
    withOverReliance: meanWith('raw over-reliance'),
    withFinalAccuracy: meanWith('final accuracy'),
    withTeamGain: meanWith('team gain'),
    people: mean(splits.map((halves) => pairsOf(halves, name, name).length)),
  }
}

/**
 * Pearson's correlation of one measure in the first half with another in the second, over people for whom both are
 * defined.
 */
function correlate(halves: Halves, ofA: keyof Measures, ofB: keyof Measures): number {
  const pairs = pairsOf(halves, ofA, ofB)
  const [meanA, meanB] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))]
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (const [a, b] of pairs) {
    product += (a - meanA) * (b - meanB)
    squaresA += (a - meanA) ** 2
    squaresB += (b - meanB) ** 2
  }
  return product / Math.sqrt(squaresA * squaresB)
}

function pairsOf(
  halves: Halves,
  ofA: keyof Measures,
  ofB: keyof Measures,
): readonly (readonly [number, number])[] {
  return halves.flatMap(({ a, b }) => {
    const [left, right] = [a[ofA], b[ofB]]
    return left === null || right === null ? [] : [[left, right] as const]
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
