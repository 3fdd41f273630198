/** Welch's t of two samples (B. L. Welch, 1947): how far their means are apart, in standard errors. */
export function welch(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [moments(left), moments(right)]
  return (a.mean - b.mean) / Math.sqrt(a.variance / left.length + b.variance / right.length)
}

function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  if (values.length < 2) throw new Error('A variance needs two values')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance: squares / (values.length - 1) }
}
