import { describe, expect, it } from 'vitest'
import { toSums } from './counters.ts'
import type { CountingRule } from './count-interaction.ts'
import { foldHistory } from './fold-history.ts'
import { behaviours, simulateTrials } from './fixtures/synthetic-operators.ts'
import { parameters } from './parameters.ts'
import { reliance } from './reliance.ts'
import { score } from './score.ts'

const rule: CountingRule = {
  parameters,
  norm: { tMinMs: 500, tRefMs: 15_000 },
  taskType: 'binary',
  stampMs: 1_500,
}
const prior = [50, 50, 50, 50, 50, 50, 50]

describe('synthetic-operators-match-the-table', () => {
  // Mean and 5th and 95th percentile of the unrounded score at 50, 200 and 500 trials; team gain in points at 500.
  it.each<[name: string, at50: number[], at200: number[], at500: number[], teamGain: number]>([
    ['stamper, fast', [34.5, 31.3, 38.7], [26.5, 25.2, 28], [23.1, 22.4, 23.7], -1],
    ['stamper, slow', [43.6, 39.7, 49], [34.1, 32.5, 35.9], [30, 29.2, 30.7], -1],
    ['coin flip', [59.3, 50, 66.8], [61.2, 52.8, 68.9], [61.7, 55.1, 68], -1.1],
    ['rejects everything', [48.9, 47, 51.4], [40.3, 39.2, 41.3], [36.5, 36, 37], -70.9],
    ['ignores the AI', [67.9, 61.5, 72.2], [67.2, 63.2, 72.3], [64.4, 61, 67.5], -0.9],
    ['catches 60 %, needless 5 %', [62.8, 55.9, 69.2], [68.5, 60.7, 74.5], [70.5, 65.2, 74.7], 3.8],
    ['catches 85 %, needless 3 %', [67.7, 61.7, 72.5], [76.7, 72.8, 79.4], [80.3, 77.6, 82.2], 9.1],
    ['perfect', [69.9, 64.5, 73.3], [80.2, 78.7, 81.6], [84.1, 83.3, 84.8], 14],
  ])(
    '%s',
    (name, at50, at200, at500, teamGain) => {
      const behaviour = behaviours.find((one) => one.name === name)
      if (behaviour === undefined) throw new Error(`Nobody behaves like ${name}`)
      for (const [n, expected] of [
        [50, at50],
        [200, at200],
        [500, at500],
      ] as const) {
        const people = Array.from({ length: 200 }, (_, seed) => {
          const history = simulateTrials(behaviour, seed, n).map((interaction) => ({ day: 0, interaction }))
          const folded = foldHistory(history, rule)
          const sums = toSums(folded.counts)
          return {
            sums,
            jis: score(sums, prior, { interactions: n, days: 1 }, parameters).value ?? Number.NaN,
          }
        })
        const sorted = people.map(({ jis }) => jis).toSorted((a, b) => a - b)
        const mean = sorted.reduce((sum, jis) => sum + jis, 0) / sorted.length
        expect([mean, sorted[9], sorted[189]].map((value) => (value ?? 0).toFixed(1))).toEqual(
          expected.map((value) => value.toFixed(1)),
        )
        if (n === 500) {
          const gains = people.map(({ sums }) => reliance(sums, 10).team_gain.value ?? Number.NaN)
          const gain = (100 * gains.reduce((sum, value) => sum + value, 0)) / gains.length
          expect(Math.abs(gain - teamGain)).toBeLessThanOrEqual(0.1)
        }
      }
    },
    120_000,
  )
})
