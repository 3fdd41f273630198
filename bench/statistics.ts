/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('There is no median of nothing')
  return (lower + upper) / 2
}

/** The smallest value that at least the given share of all values does not exceed (nearest rank). */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('There is no quantile of nothing')
  return value
}

export type Spread = { readonly median: number; readonly min: number; readonly max: number }

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

export type Pair = { readonly ours: number; readonly peer: number }

/** Ours over the peer's, pair by pair: what the machine did to both in the same moment cancels out. */
export function ratioSpread(pairs: readonly Pair[]): Spread {
  return spread(pairs.map(({ ours, peer }) => ours / peer))
}
