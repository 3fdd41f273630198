/** Mean and sample deviation of the values of a window that ends with `end`, in two passes. */
export function naiveMoments(
  values: Float64Array,
  end: number,
  size: number,
): readonly [mean: number, deviation: number] {
  let sum = 0
  for (let at = end - size + 1; at <= end; at += 1) sum += values[at] ?? Number.NaN
  const mean = sum / size
  let squares = 0
  for (let at = end - size + 1; at <= end; at += 1) squares += ((values[at] ?? Number.NaN) - mean) ** 2
  return [mean, Math.sqrt(squares / (size - 1))]
}

/** Relative, and absolute below 1e-9: specification 5.3. */
export function differenceOf(made: number, expected: number): number {
  const apart = Math.abs(made - expected)
  return Math.abs(expected) < 1e-9 ? apart : apart / Math.abs(expected)
}
