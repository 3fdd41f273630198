import { intervalMs } from './timeframe.ts'

const hoursPerYear = 8_760
const minutesPerYear = 525_600
const hourReturns = { most: 720, least: 600 }

/** Converts a rate per period of this many minutes to a simple annual rate. */
export function annualizeRate(rate: number, intervalMinutes: number): number {
  return (rate * minutesPerYear) / intervalMinutes
}

/**
 * Volatility of the last 30 days as a fraction a year: the root of 8,760 mean squares of the last 720 hourly log returns
 * (wire W4.9). Null with fewer than 600. Hours with a hole before them have no return.
 */
export function volatilityOf30Days(
  hours: readonly { readonly openMs: number; readonly close: number }[],
): number | null {
  const squares = hours.slice(-hourReturns.most - 1).flatMap(({ openMs, close }, index, list) => {
    const before = list[index - 1]
    if (before === undefined || openMs - before.openMs !== intervalMs['1h']) return []
    return [Math.log1p((close - before.close) / before.close) ** 2]
  })
  if (squares.length < hourReturns.least) return null
  return Math.sqrt((hoursPerYear * squares.reduce((sum, square) => sum + square, 0)) / squares.length)
}

export type GapLabel = 'aligned' | 'implied_rich' | 'implied_cheap'

/** Compares implied with realised volatility; both are annualised fractions, `realized` above 0. */
export function labelGap(implied: number, realized: number): GapLabel {
  const quotient = implied / realized
  if (quotient > 1.25) return 'implied_rich'
  return quotient < 0.8 ? 'implied_cheap' : 'aligned'
}
