import { quantileGates } from './regime-runs.ts'
import { quantileOfSorted } from './quantiles.ts'

/** Subsequent log returns; members that a small sample does not support are absent. */
export type ImpactSpread = {
  readonly n: number
  readonly median: number | null
  readonly medianInterval?: readonly [low: number, high: number]
  readonly p25?: number
  readonly p75?: number
  readonly p05?: number
  readonly p95?: number
}

export type Impact = ImpactSpread & {
  /** The same figures over all bars, for comparison with the condition. */
  readonly base: Pick<ImpactSpread, 'n' | 'median' | 'p25' | 'p75'>
  /** Events that came sooner after the previous one than the horizon is long. */
  readonly overlapping: number
}

/**
 * Log returns from each event to the horizon: `closeAt` gives the close of a bar that ends exactly then. Events
 * without such a bar at either end are left out (specification 12.1).
 */
export function measureImpact(
  eventsMs: readonly number[],
  barEndsMs: readonly number[],
  horizonMs: number,
  closeAt: (endMs: number) => number | undefined,
): Impact {
  const returnsFrom = (moments: readonly number[]): readonly number[] =>
    moments.flatMap((moment) => {
      const [now, later] = [closeAt(moment), closeAt(moment + horizonMs)]
      return now === undefined || later === undefined ? [] : [Math.log(later / now)]
    })
  const { n, median, p25, p75 } = spread(returnsFrom(barEndsMs))
  return {
    ...spread(returnsFrom(eventsMs)),
    base: { n, median, ...(p25 === undefined ? {} : { p25 }), ...(p75 === undefined ? {} : { p75 }) },
    overlapping: eventsMs.filter(
      (moment, index) => index > 0 && moment - (eventsMs[index - 1] ?? 0) < horizonMs,
    ).length,
  }
}

function spread(values: readonly number[]): ImpactSpread {
  const sorted = Float64Array.from(values).toSorted()
  const n = sorted.length
  if (n === 0) return { n, median: null }
  const at = (share: number): number => quantileOfSorted(sorted, share)
  const rank = medianRank(n)
  return {
    n,
    median: at(0.5),
    ...(rank === undefined ? {} : { medianInterval: [sorted[rank - 1] ?? 0, sorted[n - rank] ?? 0] }),
    ...(n >= quantileGates.quartiles ? { p25: at(0.25), p75: at(0.75) } : {}),
    ...(n >= quantileGates.twentieths ? { p05: at(0.05), p95: at(0.95) } : {}),
  }
}

/**
 * The rank l of the order statistics l and n + 1 − l that hold the median with 95 %: the largest with
 * 2·P(Bin(n, ½) ≤ l − 1) ≤ 0.05. Undefined below 6 values.
 */
export function medianRank(n: number): number | undefined {
  // ln of the probability of each count, added up in order; it does not underflow for any n that fits in memory.
  let lnProbability = -n * Math.LN2
  let below = 0
  let rank = 0
  for (let count = 0; count <= n / 2; count += 1) {
    below += Math.exp(lnProbability)
    if (2 * below > 0.05) break
    rank = count + 1
    lnProbability += Math.log((n - count) / (count + 1))
  }
  return rank === 0 ? undefined : rank
}
