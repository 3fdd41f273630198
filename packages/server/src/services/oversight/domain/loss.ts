import type { Sums } from './counters.ts'
import { adjustedPaired, type Limits } from './intervals.ts'
import { countCells, type JointCell, sumCells } from './joint-cells.ts'

/** How much accuracy is lost against the best discernment, by cause; unrounded shares of disagreements. */
export type Loss = {
  readonly n: number
  readonly total: number
  /** The loss of an ideal chooser who is forced to follow this often. */
  readonly misReliance: { readonly value: number; readonly limits: Limits }
  /** The loss from not recognising when the AI is right. */
  readonly discrimination: { readonly value: number; readonly limits: Limits }
}

const disagreed = ({ agrees }: JointCell): boolean => !agrees
const aiOverFollowed = (cell: JointCell): number => Number(cell.aiRight) - Number(cell.followed)
const followedOverOwnWrong = (cell: JointCell): number => Number(cell.followed) + Number(cell.ownRight) - 1
const missed = (cell: JointCell): number => Number(cell.aiRight || cell.ownRight) - Number(cell.finalRight)

/**
 * The loss on trials where own answer and advice disagreed, after Guo et al. (2024) with the truth as the signal: an upper
 * bound. Null with fewer than `trialsMin` of them (specification 5.2).
 */
export function lossOf(sums: Sums, trialsMin: number): Loss | null {
  const n = countCells(sums, disagreed)
  if (n === 0 || n < trialsMin) return null
  const share = (keep: (cell: JointCell) => boolean): number =>
    countCells(sums, (cell) => disagreed(cell) && keep(cell)) / n
  const aiRight = share((cell) => cell.aiRight)
  const ownRight = share((cell) => cell.ownRight)
  const followed = share((cell) => cell.followed)
  const total = aiRight + ownRight - share((cell) => cell.finalRight)
  const misReliance = Math.max(0, aiRight - followed, followed + ownRight - 1)

  const limitsOf = (valueOf: (cell: JointCell) => number): Limits =>
    adjustedPaired(sumCells(sums, disagreed, valueOf))
  const x = limitsOf(aiOverFollowed)
  const y = limitsOf(followedOverOwnWrong)
  const t = limitsOf(missed)
  const misLimits = { low: Math.max(0, x.low, y.low), high: Math.max(0, x.high, y.high) }
  const low = Math.min(
    t.low,
    limitsOf((cell) => missed(cell) - aiOverFollowed(cell)).low,
    limitsOf((cell) => missed(cell) - followedOverOwnWrong(cell)).low,
  )
  return {
    n,
    total,
    misReliance: { value: misReliance, limits: misLimits },
    discrimination: { value: total - misReliance, limits: { low, high: t.high - misLimits.low } },
  }
}
