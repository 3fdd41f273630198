/** The number of sub-buckets in which a window is counted. */
export const bucketsPerWindow = 60
/**
 * The number of buckets that are counted: a trailing window that ends inside a bucket overlaps one bucket more than it
 * is long. Each is counted whole, so the count is never too small, and too large by half a bucket on average.
 */
export const bucketsCounted = bucketsPerWindow + 1

export function toBucket(windowSeconds: number, nowMs: number): number {
  return Math.floor((nowMs * bucketsPerWindow) / (windowSeconds * 1000))
}

/** Whole seconds, at least 1, until `bucket` has left the trailing window. */
export function toSecondsUntilGone(windowSeconds: number, bucket: number, nowMs: number): number {
  const goneMs = ((bucket + bucketsCounted) * windowSeconds * 1000) / bucketsPerWindow
  return Math.max(1, Math.ceil((goneMs - nowMs) / 1000))
}
