const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Familiar lengths; each divides a day, so that buckets start at round times in UTC. */
const lengthsMs = [
  minuteMs,
  5 * minuteMs,
  10 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  3 * hourMs,
  4 * hourMs,
  6 * hourMs,
  8 * hourMs,
  12 * hourMs,
  dayMs,
] as const

/** The lengths that spans of many days are cut into: of a day that is over, buckets of these lengths are stored. */
export const storedBucketsMs: readonly number[] = lengthsMs.filter(
  (ms) => ms >= 2 * hourMs && ms <= 8 * hourMs,
)

/** The shortest length with which a span touches at most `countMax` buckets; in milliseconds, at most a day. */
export function toBucketMs(fromMs: number, toMs: number, countMax: number): number {
  return lengthsMs.find((ms) => countTouched(fromMs, toMs, ms) <= countMax) ?? dayMs
}

function countTouched(fromMs: number, toMs: number, bucketMs: number): number {
  return Math.ceil(toMs / bucketMs) - Math.floor(fromMs / bucketMs)
}
