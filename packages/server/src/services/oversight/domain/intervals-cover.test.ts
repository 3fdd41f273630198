import { describe, expect, it } from 'vitest'
import { type CounterName, type Sums, sumsOf, toSums } from './counters.ts'
import type { CountingRule } from './count-interaction.ts'
import { behaviours, simulateTrials } from './fixtures/synthetic-operators.ts'
import { foldHistory } from './fold-history.ts'
import type { Limits } from './intervals.ts'
import { lossOf } from './loss.ts'
import { mulberry32 } from './mulberry32.ts'
import { z95 } from './normal.ts'
import { parameters } from './parameters.ts'
import { score } from './score.ts'
import { teamGain } from './team-gain.ts'

/** How one person decides: how often they and the AI are right, and follow it where they disagree. */
type Setting = {
  readonly name: string
  readonly own: number
  readonly ai: number
  /** Where they disagree: if the AI is right, and if it is wrong. */
  readonly follows: readonly [right: number, wrong: number]
}

const settings: readonly Setting[] = [
  { name: 'as good as the AI, follows half', own: 0.8, ai: 0.8, follows: [0.5, 0.5] },
  { name: 'worse than the AI, follows mostly', own: 0.6, ai: 0.85, follows: [0.8, 0.6] },
  { name: 'better than the AI, follows seldom', own: 0.85, ai: 0.65, follows: [0.4, 0.2] },
  { name: 'tells good advice from bad', own: 0.7, ai: 0.75, follows: [0.9, 0.1] },
  { name: 'a public table’s people', own: 0.47, ai: 0.67, follows: [0.57, 0.39] },
]
const sizes = [30, 100, 400] as const
const runs = 4_000

/** The truth of a setting, by going through every way in which a trial can end. */
function toTruth({ own, ai, follows: [right, wrong] }: Setting) {
  // Own and AI are right independently of each other; with two answers both wrong is agreement on the wrong one.
  const onlyAi = (1 - own) * ai
  const onlyOwn = own * (1 - ai)
  const final = own * ai + onlyAi * right + onlyOwn * (1 - wrong)
  const disagreed = onlyAi + onlyOwn
  const [pi, sigma] = [onlyAi / disagreed, onlyOwn / disagreed]
  const rho = (onlyAi * right + onlyOwn * wrong) / disagreed
  const p = (onlyAi * right + onlyOwn * (1 - wrong)) / disagreed
  const misReliance = Math.max(0, pi - rho, rho + sigma - 1)
  return {
    gain: Math.min(final - own, final - ai),
    misReliance,
    discrimination: pi + sigma - p - misReliance,
  }
}

function drawTrials({ own, ai, follows }: Setting, draw: () => number, n: number): Sums {
  const cells: Partial<Record<CounterName, number>> = {}
  for (let trial = 0; trial < n; trial += 1) {
    const ownRight = draw() < own
    const aiRight = draw() < ai
    const u = draw()
    const agrees = ownRight === aiRight
    const followed = agrees || u < follows[aiRight ? 0 : 1]
    const finalRight = followed ? aiRight : ownRight
    const cell: CounterName = `j${16 * Number(agrees) + 8 * Number(ownRight) + 4 * Number(aiRight) + 2 * Number(followed) + Number(finalRight)}`
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  return sumsOf(cells)
}

const holds = ({ low, high }: Limits, value: number): boolean => low <= value && value <= high

describe('intervals-cover-in-simulation', () => {
  it.each(settings.flatMap((setting) => sizes.map((n) => ({ name: setting.name, n, setting }))))(
    'team gain and where it is lost: $name, $n decisions',
    ({ n, setting }) => {
      const truth = toTruth(setting)
      const draw = mulberry32(n)
      const covered = { gain: 0, misReliance: 0, discrimination: 0 }
      let judged = 0
      for (let run = 0; run < runs; run += 1) {
        const sums = drawTrials(setting, draw, n)
        const gain = teamGain(sums, 10)
        if (gain !== null && holds(gain.limits, truth.gain)) covered.gain += 1
        const loss = lossOf(sums, 10)
        if (loss === null) continue
        judged += 1
        if (holds(loss.misReliance.limits, truth.misReliance)) covered.misReliance += 1
        if (holds(loss.discrimination.limits, truth.discrimination)) covered.discrimination += 1
      }
      expect(covered.gain / runs).toBeGreaterThanOrEqual(0.925)
      // With 30 decisions some runs have fewer than ten disagreements, and no loss at all.
      expect(judged).toBeGreaterThan(runs / 4)
      expect(covered.misReliance / judged).toBeGreaterThanOrEqual(0.945)
      expect(covered.discrimination / judged).toBeGreaterThanOrEqual(0.95)
    },
    60_000,
  )

  const people = 400
  const rule: CountingRule = {
    parameters,
    norm: { tMinMs: 500, tRefMs: 15_000 },
    taskType: 'binary',
    stampMs: 1_500,
  }

  it.each(
    behaviours.slice(2).flatMap((behaviour) => sizes.map((n) => ({ name: behaviour.name, n, behaviour }))),
  )(
    'the independence score covers its own mean: $name, $n decisions',
    ({ behaviour, n }) => {
      const scores = Array.from({ length: people }, (_, seed) => {
        const history = simulateTrials(behaviour, seed, n).map((interaction) => ({ day: 0, interaction }))
        const prior = [50, 50, 50, 50, 50, 50, 50]
        const sums = toSums(foldHistory(history, rule).counts)
        const { value, standardError } = score(sums, prior, { interactions: n, days: 1 }, parameters)
        return value === null || standardError === null ? [] : [{ value, reach: z95 * standardError }]
      }).flat()
      // With 30 decisions there are people whom the AI never misled, and who have no score.
      expect(scores.length).toBeGreaterThan(people / 2)
      const mean = scores.reduce((sum, { value }) => sum + value, 0) / scores.length
      const covering = scores.filter(({ value, reach }) => Math.abs(value - mean) <= reach).length
      expect(covering / scores.length).toBeGreaterThanOrEqual(0.925)
    },
    60_000,
  )
})
