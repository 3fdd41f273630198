import { listBreachedFloors } from '../article-14.ts'
import { type CounterName, counterNames, sumsOf, toNaturalUnits } from '../counters.ts'
import { countInteraction, type CountingRule } from '../count-interaction.ts'
import { deliberationOf } from '../deliberation.ts'
import { foldHistory } from '../fold-history.ts'
import { historyH80 } from '../history-h80.ts'
import type { Interaction } from '../interaction.ts'
import { wilson } from '../intervals.ts'
import { normalCdf, normalQuantile } from '../normal.ts'
import { parameters } from '../parameters.ts'
import { foldDays, recencyWeights } from '../recency.ts'
import { roundTo } from '../rounding.ts'
import { type Score, score } from '../score.ts'
import type { KnownAnswer } from './known-answer.ts'
import { readSums } from './read-sums.ts'

const prior = [50, 50, 50, 50, 50, 50, 50]
const norm = { tMinMs: 500, tRefMs: 15_000 }
const rule: CountingRule = { parameters, norm, taskType: 'open', stampMs: 1_500 }

/** Known answers of specification 4.8 for numbers, sums and the history H80. */
export const scoreAnswers: readonly KnownAnswer[] = [
  {
    name: 'Φ(1.96), z(0.975) and z(0.1)',
    expected: [0.97500210485178, 1.95996398454, -1.281551565545],
    compute: () => [
      roundTo(normalCdf(1.96), 14),
      roundTo(normalQuantile(0.975), 12),
      roundTo(normalQuantile(0.1), 12),
    ],
  },
  {
    name: 'Wilson limits of 0, 7 and 10 of 10',
    expected: [
      [0, 0.2775],
      [0.3968, 0.8922],
      [0.7225, 1],
    ],
    compute: () =>
      [0, 7, 10].map((successes) => {
        const { low, high } = wilson(successes, 10)
        return [roundTo(low, 4), roundTo(high, 4)]
      }),
  },
  {
    name: 'weights of recency after 0, 1, 30, 60, 365 and 627 days',
    expected: ['1000000', '977160', '500000', '250000', '218', '1'],
    compute: () => [0, 1, 30, 60, 365, 627].map((days) => String(recencyWeights[days])),
  },
  deliberation(1_800, 2, 700, 1, 543),
  deliberation(2_400, 3, 850, 2, 683),
  deliberation(15_000, 10, 1_000, 5, 997),
  deliberation(60_000, 0, 0, 0, 400),
  deliberation(1_800, null, null, null, 377),
  deliberation(0, 1, 0, 0, 79),
  {
    name: 'published-sample-dimensions-give-74.3',
    expected: 74.3,
    compute: () =>
      roundTo(
        [78, 71, 72, 76, 80, 70, 73].reduce(
          (sum, value, at) => sum + (parameters.weights[at] ?? 0) * value,
          0,
        ),
        1,
      ),
  },
  vector(
    'A: a stamper',
    readSums('rel 100, n1 15, nd1 13, n0 85, nd0 13, own 100, own_ok 85, fin 100, fin_ok 85'),
    {
      raw: [6.6667, 0, 84.3137, 0, null, null, 0],
      jis: 26.6,
      interval: [13.6, 39.7],
      band: 'impaired',
      se: 6.6597,
      withheld: null,
      floors: ['deferral_resistance', 'deliberation_depth'],
    },
  ),
  vector(
    'B: a skilled operator',
    readSums(
      'rel 200, a 36, q 130, q2 90, n1 30, a1 25.5, nd1 26, ad1 22, n0 170, a0 5, nd0 25, ad0 4, ' +
        'own 220, own_ok 187, fin 200, fin_ok 190, ov 36, ov_ok 30, disc 30, post 60, post_q 42, ' +
        'post_n1 9, post_a1 8, post_n0 51, post_a0 2',
    ),
    {
      raw: [82.1429, 100, 84.6847, 65, 59.0283, 84.7721, 100],
      jis: 77.4,
      interval: [67.6, 87.3],
      band: 'proficient',
      se: 5.024,
      withheld: null,
      floors: [],
    },
  ),
  vector(
    'C: rejects everything',
    readSums(
      'rel 100, a 100, q 60, q2 40, n1 15, a1 15, nd1 13, ad1 13, n0 85, a0 85, nd0 13, ad0 13, ' +
        'own 100, own_ok 85, fin 100, fin_ok 15, ov 100, ov_ok 15, disc 15, post 40, post_q 24, ' +
        'post_n1 6, post_a1 6, post_n0 34, post_a0 34',
    ),
    {
      raw: [12.5843, 0, 84.3137, 40.6329, 49.3315, 49.4118, 50],
      jis: 42.4,
      interval: [29.7, 55.1],
      band: 'at_risk',
      se: 6.469,
      withheld: null,
      floors: ['deferral_resistance'],
    },
  ),
  vector('D: no-score-without-known-outcomes', readSums('rel 80, a 12, q 40, q2 25'), {
    raw: [null, null, null, 50, null, null, 100],
    jis: null,
    interval: null,
    band: null,
    se: null,
    withheld: 'outcomes_unknown',
    floors: [],
  }),
  vector(
    'F: with confidence',
    readSums(
      'rel 60, a 9, q 30, q2 18, n1 9, a1 5, nd1 8, ad1 5, n0 45, a0 3, own 50, own_ok 40, ' +
        'fin 54, fin_ok 47, ov 8, ov_ok 5, conf 54, brier 6.48, disc 2, post 6',
    ),
    {
      raw: [60, 61.0196, 78.8462, 49.2611, null, 62.3974, 91.4286],
      jis: 60.7,
      interval: [45.7, 75.7],
      band: 'adequate',
      se: 7.6653,
      withheld: null,
      floors: [],
    },
  ),
  vector(
    'G: ignores the AI',
    readSums(
      'rel 180, a 46, q 126, q2 90, n1 27, a1 23, nd1 23, ad1 23, n0 153, a0 23, nd0 23, ad0 23, ' +
        'own 200, own_ok 170, fin 180, fin_ok 153, ov 46, ov_ok 23, disc 27, post 66, post_q 46, ' +
        'post_n1 10, post_a1 8.5, post_n0 56, post_a0 8.5',
    ),
    {
      raw: [42.6667, 81.8618, 84.6535, 70, 48.2489, 70, 100],
      jis: 66.6,
      interval: [56.4, 76.8],
      band: 'adequate',
      se: 5.2046,
      withheld: null,
      floors: [],
    },
  ),
  {
    name: 'H80: the counters of a whole history',
    expected: readSums(
      'all 80, practice 22, rel 72, a 9200, q 41518, q2 26186996, n1 12200, a1 4720000, ' +
        'nd1 10200, ad1 4720000, n0 57, a0 2000, nd0 13, ad0 2000, own 76, own_ok 56, ind 8, ' +
        'ind_ok 4, fin 71, fin_ok 61, ov 8200, ov_ok 5200, disc 13, post 36, post_q 21256, ' +
        'post_n1 4000, post_a1 2000000, post_n0 31, post_a0 1000, conf 14, brier 3140000, acc 62, ' +
        'stamp 1, r00 2, r01 55, r10 4, r11 7, j4 2, j7 11, j9 1, j10 3, j18 2, j31 41',
    ),
    compute: () => {
      const { counts } = foldHistory(h80, rule)
      return Object.fromEntries(
        counterNames.flatMap((name, at) => (counts[at] === 0 ? [] : [[name, counts[at]]])),
      )
    },
  },
  {
    name: 'history-h80-scores-56.8',
    expected: {
      weighted: ['64805424', '9757587800', '21399514530338'],
      n: [8.1799, 16.1094, 61.6409, 58.1752, 28.9109, 57.3815, 58.1752],
      shrunk: [47.5096, 51.2415, 68.7196, 52.7711, 53.9673, 64.3946, 69.4363],
      value: 56.753646408500565,
      raw: [46.5963, 53.5535, 72.9712, 52.9616, 60.8287, 70.4151, 74.4478],
      jis: 56.8,
      interval: [41.9, 71.7],
      band: 'at_risk',
      se: 7.6005,
      withheld: null,
      floors: [],
    },
    compute: () => {
      const weighted = foldDays(foldHistory(h80, rule).days, asOf)
      const result = score(toNaturalUnits(weighted), prior, { interactions: 80, days: 20 }, parameters)
      const of = (name: CounterName): string => String(weighted[counterNames.indexOf(name)])
      return {
        weighted: [of('all'), of('n1'), of('q2')],
        n: result.dimensions.map(({ n }) => roundTo(n, 4)),
        shrunk: result.dimensions.map(({ shrunk }) => roundTo(shrunk ?? 0, 4)),
        value: result.value,
        ...toReading(result),
      }
    },
  },
  {
    name: 'then-57.6-after-outcomes',
    expected: {
      value: 57.582087297938116,
      raw: [50.4589, 58.2401, 72.9712, 54.2477, 58.3434, 72.3622, 70.3821],
      jis: 57.6,
      interval: [42.9, 72.3],
      band: 'at_risk',
    },
    compute: () => {
      const { tags } = foldHistory(h80, rule)
      const reported = new Set(['005', '016', '027', '060', '071', '038'].map((id) => `h80-${id}`))
      const days = historyH80.map(({ sessionId, interaction, daysBefore }, at) => {
        const known = reported.has(sessionId) ? { ...interaction, outcomeCorrect: true } : interaction
        return { day: asOf - daysBefore, counters: countInteraction(known, rule, tags[at] === true) }
      })
      const sums = toNaturalUnits(foldDays(days, asOf))
      const result = score(sums, prior, { interactions: 80, days: 20 }, parameters)
      const { raw, jis, interval, band } = toReading(result)
      return { value: result.value, raw, jis, interval, band }
    },
  },
]

const asOf = 100
const h80 = historyH80.map(({ daysBefore, interaction }) => ({ day: asOf - daysBefore, interaction }))

function deliberation(
  timeToDecisionMs: number,
  hoverEvents: number | null,
  scrollDepth: number | null,
  alternativeViewsChecked: number | null,
  expected: number,
): KnownAnswer {
  return {
    name: `deliberation of ${timeToDecisionMs} ms, ${hoverEvents} hovers, scroll ${scrollDepth}, ${alternativeViewsChecked} views`,
    expected,
    compute: () => {
      const looks = { timeToDecisionMs, hoverEvents, scrollDepth, alternativeViewsChecked }
      return deliberationOf({ ...plain, ...looks }, norm, parameters.deliberation)
    },
  }
}

const plain: Interaction = {
  aiRecommendationPresented: true,
  aiAvailable: true,
  timeToDecisionMs: 0,
  decision: 'accepted',
  modificationExtent: 0,
  scenarioType: 'standard',
  outcomeCorrect: null,
  hoverEvents: null,
  scrollDepth: null,
  alternativeViewsChecked: null,
  aiCorrect: null,
  operatorConfidence: null,
  initialDecision: null,
}

type Reading = {
  readonly raw: readonly (number | null)[]
  readonly jis: number | null
  readonly interval: readonly number[] | null
  readonly band: string | null
  readonly se: number | null
  readonly withheld: string | null
  readonly floors: readonly string[]
}

function vector(name: string, sums: Partial<Record<CounterName, number>>, expected: Reading): KnownAnswer {
  return {
    name,
    expected,
    compute: () => toReading(score(sumsOf(sums), prior, { interactions: 50, days: 1 }, parameters)),
  }
}

function toReading(result: Score): Reading {
  const { published, standardError, withheld, dimensions } = result
  return {
    raw: dimensions.map(({ value }) => (value === null ? null : roundTo(value, 4))),
    jis: published?.jis ?? null,
    interval: published?.interval ?? null,
    band: published?.band ?? null,
    se: standardError === null ? null : roundTo(standardError, 4),
    withheld,
    floors: published === null ? [] : listBreachedFloors(result, parameters),
  }
}
