const slipsMax = 2

/** The known word closest to the typed one, if few edits lead from one to the other; undefined otherwise. */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((word) => ({ word, slips: countSlips(typed.toLowerCase(), word) }))
    .filter(({ word, slips }) => slips <= Math.min(slipsMax, Math.floor(word.length / 2)))
    .toSorted((left, right) => left.slips - right.slips)
  return nearest?.word
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbouring letters. */
function countSlips(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= to.length; j += 1) {
      const isSame = from[i - 1] === to[j - 1]
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(from.length, to.length)
}
