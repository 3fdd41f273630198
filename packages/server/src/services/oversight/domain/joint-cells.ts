import type { Sums } from './counters.ts'

/** A kind of trial for which the correctness of own answer, advice and final decision is known. */
export type JointCell = {
  readonly agrees: boolean
  readonly ownRight: boolean
  readonly aiRight: boolean
  readonly followed: boolean
  readonly finalRight: boolean
}

const cells: readonly JointCell[] = Array.from({ length: 32 }, (_, cell) => ({
  agrees: (cell & 16) !== 0,
  ownRight: (cell & 8) !== 0,
  aiRight: (cell & 4) !== 0,
  followed: (cell & 2) !== 0,
  finalRight: (cell & 1) !== 0,
}))

/** The number of trials in the joint cells for which `keep` returns true. */
export function countCells(sums: Sums, keep: (cell: JointCell) => boolean): number {
  return cells.reduce((count, cell, at) => (keep(cell) ? count + (sums[`j${at}`] ?? 0) : count), 0)
}

/** The sum of a per-trial value over the joint cells for which `keep` returns true. */
export function sumCells(
  sums: Sums,
  keep: (cell: JointCell) => boolean,
  valueOf: (cell: JointCell) => number,
): { readonly n: number; readonly sum: number; readonly sumOfSquares: number } {
  let [n, sum, sumOfSquares] = [0, 0, 0]
  for (const [at, cell] of cells.entries()) {
    if (!keep(cell)) continue
    const count = sums[`j${at}`] ?? 0
    const value = valueOf(cell)
    n += count
    sum += count * value
    sumOfSquares += count * value * value
  }
  return { n, sum, sumOfSquares }
}
