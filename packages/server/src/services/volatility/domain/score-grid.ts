import type { Labels } from './labels.ts'
import type { Thresholds } from './regime-machine.ts'
import { type BarRange, runMachine } from './run-machine.ts'
import { scoreConfusion } from './scores.ts'

/** Scores of thresholds on bars with known labels. */
export type GridScore = {
  readonly thresholds: Thresholds
  readonly macroF1: number
  readonly alertsPerDay: number
}

type GridInput = {
  readonly drive: Float64Array
  /** At most three label sets, each scored separately. */
  readonly labelSets: readonly Labels[]
  readonly range: BarRange
  readonly barsPerDay: number
}

/**
 * Scores thresholds on bars of a range that have a label and a value, against each label set, in one run of the
 * machine.
 */
export function gridScorer({
  drive,
  labelSets,
  range,
  barsPerDay,
}: GridInput): (thresholds: Thresholds) => readonly GridScore[] {
  // All labels of a bar in one number: the label of each set plus 1 as digits in base 4, 0 where there is none.
  const codes = new Uint8Array(drive.length)
  for (let bar = range.from; bar < range.to; bar += 1) {
    if (Number.isNaN(drive[bar])) continue
    let code = 0
    for (const labels of labelSets) code = 4 * code + 1 + (labels[bar] ?? -1)
    codes[bar] = code
  }
  const kinds = 4 ** labelSets.length
  return (thresholds) => {
    const bars = new Uint32Array(3 * kinds)
    const transitions = new Uint32Array(kinds)
    runMachine(drive, range, thresholds, (bar, regime, isTransition) => {
      const code = codes[bar] ?? 0
      const cell = 3 * code + regime
      bars[cell] = (bars[cell] ?? 0) + 1
      if (isTransition) transitions[code] = (transitions[code] ?? 0) + 1
    })
    return labelSets.map((_, set) => {
      const digit = 4 ** (labelSets.length - 1 - set)
      const confusion = [0, 1, 2].map(() => [0, 0, 0])
      let alerts = 0
      for (let code = 0; code < kinds; code += 1) {
        const row = confusion[(Math.floor(code / digit) % 4) - 1]
        if (row === undefined) continue
        for (let regime = 0; regime < 3; regime += 1)
          row[regime] = (row[regime] ?? 0) + (bars[3 * code + regime] ?? 0)
        alerts += transitions[code] ?? 0
      }
      const { macroF1, counted } = scoreConfusion(confusion)
      return { thresholds, macroF1, alertsPerDay: counted === 0 ? 0 : alerts / (counted / barsPerDay) }
    })
  }
}

/** From `least` alerts per day (inclusive) to `most` (exclusive). */
export type AlertBand = { readonly least: number; readonly most: number }

/** The range of alerts per day of each preset (specification 7.3). */
export const presetBands = {
  conservative: { least: 1.5, most: 4 },
  balanced: { least: 4, most: 8 },
  aggressive: { least: 8, most: 20 },
} as const satisfies Readonly<Record<string, AlertBand>>

/**
 * The highest macro-F1 within a band; on a tie the one with fewer alerts, then the first of the grid. Undefined if
 * there is none.
 */
export function bestInBand<Score extends Pick<GridScore, 'macroF1' | 'alertsPerDay'>>(
  scores: readonly Score[],
  { least, most }: AlertBand,
): Score | undefined {
  return scores
    .filter(({ alertsPerDay }) => alertsPerDay >= least && alertsPerDay < most)
    .reduce<Score | undefined>(
      (best, one) =>
        best === undefined ||
        one.macroF1 > best.macroF1 ||
        (one.macroF1 === best.macroF1 && one.alertsPerDay < best.alertsPerDay)
          ? one
          : best,
      undefined,
    )
}

/** The Pareto front: scores that no other one beats in both macro-F1 and alerts, by increasing alerts. */
export function paretoFront(scores: readonly GridScore[]): readonly GridScore[] {
  const front: GridScore[] = []
  for (const score of scores.toSorted((a, b) => a.alertsPerDay - b.alertsPerDay || b.macroF1 - a.macroF1))
    if (score.macroF1 > (front.at(-1)?.macroF1 ?? -1)) front.push(score)
  return front
}
