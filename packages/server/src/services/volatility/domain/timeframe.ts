export const timeframes = ['1m', '5m', '15m', '1h', '4h', '1d'] as const
export type Timeframe = (typeof timeframes)[number]

const minuteMs = 60_000

/** Length of a bar of each timeframe. */
export const intervalMs = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '4h': 240 * minuteMs,
  '1d': 1_440 * minuteMs,
} as const satisfies Readonly<Record<Timeframe, number>>

/** Number of bars in a year of 365 days, by which volatilities are annualised (specification 2.1). */
export const barsPerYear = {
  '1m': 525_600,
  '5m': 105_120,
  '15m': 35_040,
  '1h': 8_760,
  '4h': 2_190,
  '1d': 365,
} as const satisfies Readonly<Record<Timeframe, number>>
