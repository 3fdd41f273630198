const minuteMs = 60_000

/** A tenth of what is kept of a minute, all of it, and the most that one export may have. */
export const sizes = [
  { symbol: 'ethusdt', bars: 57_600, suffix: '-0.1x' },
  { symbol: 'btcusdt', bars: 576_000, suffix: '' },
  { symbol: 'solusdt', bars: 5_000_000, suffix: '-10x' },
] as const

/** From before the first bar on. */
export function pathOf(symbol: string, format: 'csv' | 'parquet', nowMs: number): string {
  const fromMs = nowMs - 5_100_000 * minuteMs
  return `/v1/regime/${symbol}/export?format=${format}&from_ms=${fromMs}`
}
