const z95 = 1.959963985

/** Pearson's correlation of two windows of returns of the same length; null if one of them is constant. */
export function correlate(a: Float64Array, b: Float64Array): number | null {
  const { covariance, varianceA, varianceB } = moments(a, b)
  if (varianceA === 0 || varianceB === 0) return null
  return covariance / Math.sqrt(varianceA * varianceB)
}

/** The slope of a symbol's returns on the reference's; null if the reference is constant. */
export function betaTo(reference: Float64Array, symbol: Float64Array): number | null {
  const { covariance, varianceB } = moments(symbol, reference)
  return varianceB === 0 ? null : covariance / varianceB
}

/** The 95 % interval of a correlation of `n` pairs by Fisher's transformation. */
export function correlationInterval(rho: number, n: number): readonly [low: number, high: number] {
  const half = z95 / Math.sqrt(n - 3)
  const centre = Math.atanh(rho)
  return [Math.tanh(centre - half), Math.tanh(centre + half)]
}

/** How strongly markets move together: coupled from a mean correlation of 0.7, decoupled down to 0.3. */
export function couplingOf(meanCorrelation: number): 'coupled' | 'mixed' | 'decoupled' {
  if (meanCorrelation >= 0.7) return 'coupled'
  return meanCorrelation <= 0.3 ? 'decoupled' : 'mixed'
}

function moments(a: Float64Array, b: Float64Array) {
  const n = a.length
  const meanA = a.reduce((sum, value) => sum + value, 0) / n
  const meanB = b.reduce((sum, value) => sum + value, 0) / n
  let [covariance, varianceA, varianceB] = [0, 0, 0]
  for (let index = 0; index < n; index += 1) {
    const [da, db] = [(a[index] ?? 0) - meanA, (b[index] ?? 0) - meanB]
    covariance += da * db
    varianceA += da * da
    varianceB += db * db
  }
  return { covariance, varianceA, varianceB }
}
