export type AnomalyRule = { readonly times: number; readonly daysMin: number; readonly p95Min: number }

/**
 * How many requests in 24 hours are still no anomaly, from the counts of the days before; null where too little is known,
 * or too little comes for a multiple of it to mean anything (specification 12).
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

/** The most that any 24 hours in a row had, of requests by hour. */
export function mostInADay(hourly: readonly number[]): number {
  return Math.max(
    0,
    ...hourly.map((_, from) => hourly.slice(from, from + 24).reduce((sum, count) => sum + count, 0)),
  )
}
