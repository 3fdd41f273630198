/**
 * Coefficients of the least-squares fit y ≈ β₀ + Σ β_k x_k: constant first. Columns are centred before the normal equations
 * are solved by Cholesky's decomposition, so a large common level costs no digits. Undefined where a column is a sum of
 * others, or rows are too few.
 */
export function fitLeastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
): readonly number[] | undefined {
  const rows = y.length
  if (rows <= columns.length) return undefined
  const means = columns.map(meanOf)
  const meanY = meanOf(y)
  const size = columns.length
  const gram = columns.map((a, i) => columns.map((b, j) => sumOfProducts(a, means[i] ?? 0, b, means[j] ?? 0)))
  const right = columns.map((a, i) => sumOfProducts(a, means[i] ?? 0, y, meanY))
  const lower = cholesky(gram)
  if (lower === undefined) return undefined
  const at = (i: number, j: number): number => lower[i]?.[j] ?? 0
  const forward: number[] = []
  for (let i = 0; i < size; i += 1) {
    let rest = right[i] ?? 0
    for (let j = 0; j < i; j += 1) rest -= at(i, j) * (forward[j] ?? 0)
    forward.push(rest / at(i, i))
  }
  const slopes = Array.from({ length: size }, () => 0)
  for (let i = size - 1; i >= 0; i -= 1) {
    let rest = forward[i] ?? 0
    for (let j = i + 1; j < size; j += 1) rest -= at(j, i) * (slopes[j] ?? 0)
    slopes[i] = rest / at(i, i)
  }
  return [meanY - slopes.reduce((sum, slope, i) => sum + slope * (means[i] ?? 0), 0), ...slopes]
}

function meanOf(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0) / column.length
}

function sumOfProducts(a: Float64Array, meanA: number, b: Float64Array, meanB: number): number {
  return a.reduce((sum, value, row) => sum + (value - meanA) * ((b[row] ?? 0) - meanB), 0)
}

function cholesky(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] | undefined {
  const lower: number[][] = []
  for (const [i, row] of matrix.entries()) {
    const made: number[] = []
    for (let j = 0; j <= i; j += 1) {
      const other = j === i ? made : (lower[j] ?? [])
      const rest =
        (row[j] ?? 0) - other.slice(0, j).reduce((sum, value, k) => sum + value * (made[k] ?? 0), 0)
      // The remainder of a linearly dependent column is only a rounding error.
      if (j === i && !(rest > 1e-12 * (row[i] ?? 0))) return undefined
      made.push(j === i ? Math.sqrt(rest) : rest / (other[j] ?? 1))
    }
    lower.push(made)
  }
  return lower
}
