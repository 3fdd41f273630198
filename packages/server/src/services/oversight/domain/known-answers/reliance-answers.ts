import { cohenKappa, countRatings, krippendorffAlpha, type RatedCase } from '../agreement.ts'
import { type CounterName, sumsOf } from '../counters.ts'
import { type Metric, reliance, type RelianceMetric } from '../reliance.ts'
import type { KnownAnswer } from './known-answer.ts'
import { readSums } from './read-sums.ts'

type Figures = Partial<Record<RelianceMetric, readonly (number | null)[]>>

/**
 * Known answers of specification 5.4 and 5.5 for reliance and agreement; each figure is value, n, lower and upper
 * limit.
 */
export const relianceAnswers: readonly KnownAnswer[] = [
  profile(
    'R1: one hundred decisions',
    readSums('j31 60, j18 6, j9 9, j10 6, j7 12, j4 5, j2 1, j0 1, r10 10, r11 13, r00 5, r01 72'),
    {
      rair: [0.7059, 17, 0.4687, 0.8672],
      rsr: [0.6, 15, 0.3575, 0.8018],
      over_reliance: [0.5652, 23, 0.3681, 0.7437],
      under_reliance: [0.0649, 77, 0.0281, 0.1432],
      d_prime: [1.2895, 100, 0.6329, 1.9461],
      criterion_c: [0.8057, 100, 0.4774, 1.134],
      team_gain: [0.04, 100, -0.0373, 0.1157],
      total_loss: [0.3235, 34, null, null],
      mis_reliance_loss: [0, 34, 0, 0.2037],
      discrimination_loss: [0.3235, 34, 0.0643, 0.4746],
      weight_of_advice: [null, 0, null, null],
    },
  ),
  profile(
    'R2: the public table pooled',
    readSums(
      'j0 127, j1 10, j2 118, j4 258, j7 346, j8 6, j9 129, j10 76, j16 3, j17 4, j18 203, ' +
        'j28 9, j31 732, r00 267, r01 1078, r10 279, r11 397, woa 1674, woa_s 637.99, ' +
        'woa_s2 524.861172',
    ),
    {
      rair: [0.5728, 604, 0.5331, 0.6117],
      rsr: [0.6114, 211, 0.5442, 0.6746],
      over_reliance: [0.5873, 676, 0.5498, 0.6238],
      under_reliance: [0.1985, 1_345, 0.1781, 0.2207],
      d_prime: [0.6255, 2_021, 0.5034, 0.7477],
      criterion_c: [0.5331, 2_021, 0.472, 0.5942],
      weight_of_advice: [0.3811, 1_674, 0.3615, 0.4008],
      team_gain: [-0.0614, 2_021, -0.0808, -0.0418],
      total_loss: [0.3084, 1_070, null, null],
      mis_reliance_loss: [0.0598, 1_070, 0.0209, 0.0985],
      discrimination_loss: [0.2486, 1_070, 0.2128, 0.3159],
    },
  ),
  {
    name: "Cohen's κ and Krippendorff's α of two raters",
    expected: { kappa: [0.4, 50, 0.1366, 0.64], alpha: [0.4, 50, 0.1232, 0.64] },
    compute: () => {
      const pairs = listPairs()
      return { kappa: toFigure(cohenKappa(pairs, 'a', 'b')), alpha: toFigure(krippendorffAlpha(pairs)) }
    },
  },
  {
    name: "Krippendorff's four observers and twelve units",
    expected: { counts: { cases: 11, ratings: 40, raters: 4 }, alpha: [0.7434, 11, 0.4219, 0.9376] },
    compute: () => {
      const units = listUnits()
      return { counts: countRatings(units), alpha: toFigure(krippendorffAlpha(units)) }
    },
  },
]

function profile(name: string, sums: Partial<Record<CounterName, number>>, expected: Figures): KnownAnswer {
  return {
    name,
    expected,
    compute: () => {
      const metrics = reliance(sumsOf(sums), 10)
      // Safe: the literal's own keys.
      const names = Object.keys(expected) as RelianceMetric[]
      return Object.fromEntries(names.map((metric) => [metric, toFigure(metrics[metric])]))
    },
  }
}

function toFigure({ value, n, low, high }: Metric): readonly (number | null)[] {
  return [value, n, low, high]
}

function listPairs(): readonly RatedCase[] {
  const counts = [
    [20, 'yes', 'yes'],
    [5, 'yes', 'no'],
    [10, 'no', 'yes'],
    [15, 'no', 'no'],
  ] as const
  return counts.flatMap(([count, a, b]) =>
    Array.from({ length: count }, (): RatedCase => new Map(Object.entries({ a, b }))),
  )
}

/** The example of Krippendorff (2011), one row per observer. */
function listUnits(): readonly RatedCase[] {
  const observers = [
    '1 2 3 3 2 1 4 1 2 - - -',
    '1 2 3 3 2 2 4 1 2 5 - 3',
    '- 3 3 3 2 3 4 2 2 5 1 -',
    '1 2 3 3 2 4 4 1 2 5 1 -',
  ].map((row) => row.split(' '))
  return Array.from(
    { length: 12 },
    (_, unit): RatedCase =>
      new Map(
        observers.flatMap((row, observer) => {
          const rating = row[unit] ?? '-'
          return rating === '-' ? [] : [[`observer-${observer}`, rating] as const]
        }),
      ),
  )
}
