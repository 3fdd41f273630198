import type { Outcome } from './monitor.ts'
import type { Interval } from './timeline.ts'
import { sumStates, type Totals } from './uptime.ts'

/** A result as it counts in an hour or a day; manual checks do not count. */
export type CountedResult = {
  readonly startedAtMs: number
  readonly outcome: Outcome
  readonly totalMs: number | null
}

/** Latency of successful checks, kept as sums and counts, so that hours can be added up to days. */
export type Latency = {
  readonly count: number
  readonly sumMs: number
  readonly minMs: number | null
  readonly maxMs: number | null
  /** The number of results in each bucket of `latencySteps`, which is logarithmic. */
  readonly histogram: readonly number[]
}

export type Bucket = Totals & { readonly checks: number; readonly fails: number; readonly latency: Latency }

const latencyBuckets = 40
const latencyMsMax = 30_000

/** The longest time, in whole milliseconds, of each of the 40 buckets; the last one has no upper limit. */
export const latencySteps: readonly number[] = Array.from({ length: latencyBuckets }, (_, index) =>
  Math.round(latencyMsMax ** ((index + 1) / latencyBuckets)),
)

/**
 * The row of one hour or day: a pure function of timeline and results, so that it can be recomputed. The six states
 * add up exactly to the part of the bucket in which the monitor existed (specification 2, 5.5).
 */
export function toBucket(
  intervals: readonly Interval[],
  results: readonly CountedResult[],
  fromMs: number,
  toMs: number,
): Bucket {
  const inside = results.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs)
  return {
    ...sumStates(intervals, fromMs, toMs),
    checks: inside.length,
    fails: inside.filter(({ outcome }) => outcome === 'down').length,
    latency: toLatency(inside),
  }
}

/** The latency quantile for a share of the results, to the precision of the histogram. */
export function latencyQuantileMs({ count, histogram }: Latency, share: number): number | null {
  if (count === 0) return null
  let seen = 0
  const index = histogram.findIndex((inBucket) => (seen += inBucket) >= share * count)
  return latencySteps[index] ?? null
}

function toLatency(results: readonly CountedResult[]): Latency {
  const histogram = latencySteps.map(() => 0)
  let latency: Omit<Latency, 'histogram'> = { count: 0, sumMs: 0, minMs: null, maxMs: null }
  for (const { outcome, totalMs } of results) {
    if (totalMs === null || (outcome !== 'up' && outcome !== 'degraded')) continue
    latency = {
      count: latency.count + 1,
      sumMs: latency.sumMs + totalMs,
      minMs: Math.min(latency.minMs ?? totalMs, totalMs),
      maxMs: Math.max(latency.maxMs ?? totalMs, totalMs),
    }
    const index = latencySteps.findIndex((stepMs) => totalMs <= stepMs)
    const bucket = index === -1 ? latencyBuckets - 1 : index
    histogram[bucket] = (histogram[bucket] ?? 0) + 1
  }
  return { ...latency, histogram }
}
