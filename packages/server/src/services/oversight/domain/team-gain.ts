import type { Sums } from './counters.ts'
import { adjustedPaired, clipLimits, type Limits, newcombe } from './intervals.ts'
import { countCells, sumCells } from './joint-cells.ts'

/** Whether the human and the AI together decide better than the better of the two alone; unrounded. */
export type TeamGain = {
  readonly value: number
  readonly limits: Limits
  readonly n: number
  /** The side against which the gain is smaller. */
  readonly against: 'own' | 'ai'
  /** `unaided`: the operator's own accuracy is measured on other cases, decided without advice. */
  readonly basis: 'initial_decision' | 'unaided'
  readonly ownAccuracy: number
  readonly aiAccuracy: number | null
  readonly finalAccuracy: number
}

const anyCell = (): boolean => true

/** Null with fewer than `trialsMin` trials on either basis (specification 5.1). */
export function teamGain(sums: Sums, trialsMin: number): TeamGain | null {
  return pairedGain(sums, trialsMin) ?? unaidedGain(sums, trialsMin)
}

function pairedGain(sums: Sums, trialsMin: number): TeamGain | null {
  const n = countCells(sums, anyCell)
  if (n < trialsMin) return null
  const overOwn = sumCells(sums, anyCell, (cell) => Number(cell.finalRight) - Number(cell.ownRight))
  const overAi = sumCells(sums, anyCell, (cell) => Number(cell.finalRight) - Number(cell.aiRight))
  const [own, ai] = [adjustedPaired(overOwn), adjustedPaired(overAi)]
  const limits = { low: Math.min(own.low, ai.low), high: Math.min(own.high, ai.high) }
  return {
    value: Math.min(overOwn.sum, overAi.sum) / n,
    limits: clipLimits(limits, -1, 1),
    n,
    against: overOwn.sum < overAi.sum ? 'own' : 'ai',
    basis: 'initial_decision',
    ownAccuracy: countCells(sums, ({ ownRight }) => ownRight) / n,
    aiAccuracy: countCells(sums, ({ aiRight }) => aiRight) / n,
    finalAccuracy: countCells(sums, ({ finalRight }) => finalRight) / n,
  }
}

/** Compares different cases, and only with the own answer: no counter pairs the final decision with the AI here. */
function unaidedGain({ fin, fin_ok, ind, ind_ok }: Sums, trialsMin: number): TeamGain | null {
  if (fin < trialsMin || ind < trialsMin) return null
  const [final, own] = [
    { successes: fin_ok, n: fin },
    { successes: ind_ok, n: ind },
  ]
  return {
    value: fin_ok / fin - ind_ok / ind,
    limits: clipLimits(newcombe(final, own), -1, 1),
    n: fin + ind,
    against: 'own',
    basis: 'unaided',
    ownAccuracy: ind_ok / ind,
    aiAccuracy: null,
    finalAccuracy: fin_ok / fin,
  }
}
