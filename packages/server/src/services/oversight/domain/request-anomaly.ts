export type AnomalyRule = { readonly times: number; readonly daysMin: number; readonly p95Min: number }

/**
 * The highest number of requests in 24 hours that is still normal, from the daily counts before; null if there are
 * too few days, or too few requests for a multiple to be meaningful (specification 12).
 */
export function judgeUsual(
  daily: readonly number[],
  { times, daysMin, p95Min }: AnomalyRule,
): { readonly most: number; readonly p95: number } | null {
  if (daily.length < daysMin) return null
  const sorted = daily.toSorted((a, b) => a - b)
  const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0
  return p95 < p95Min ? null : { most: times * p95, p95 }
}

/** The highest sum over any 24 consecutive hours of hourly counts. */
export function mostInADay(hourly: readonly number[]): number {
  return Math.max(
    0,
    ...hourly.map((_, from) => hourly.slice(from, from + 24).reduce((sum, count) => sum + count, 0)),
  )
}
