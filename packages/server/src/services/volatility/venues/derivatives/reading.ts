/** A stored value of a derivatives venue (specification 8.7). It does not affect regimes, and is shown beside them. */
export type Reading = FundingReading | SettledReading | IndexReading

/** The current state of a perpetual. */
export type FundingReading = {
  readonly kind: 'funding'
  /** The venue's code of the contract. */
  readonly product: string
  /** Unix time in milliseconds on the venue's clock. */
  readonly tsMs: number
  /** Rate of the current period, as a fraction of the position. */
  readonly rate: number
  readonly intervalMinutes: number
  readonly nextFundingMs: number
  readonly markPrice: number
  readonly indexPrice: number
}

/** The settled funding of a period; `tsMs` is the time of settlement. */
export type SettledReading = {
  readonly kind: 'settled'
  readonly product: string
  readonly tsMs: number
  readonly rate: number
}

/** A closed minute of a volatility index, in annualised percentage points; `tsMs` is its open time. */
export type IndexReading = {
  readonly kind: 'dvol'
  /** BTC or ETH. */
  readonly product: string
  readonly tsMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

export type ReadingFault = 'rate_out_of_bounds' | 'points_out_of_bounds' | 'time_falls' | 'from_the_future'

const rateMax = 0.1
const points = { min: 1, max: 500 }
const clockToleranceMs = 10_000

/** Why a reading is refused; undefined if it is accepted. Values are never rescaled to fit. */
export function judgeReading(
  reading: Reading,
  lastMs: number | undefined,
  nowMs: number,
): ReadingFault | undefined {
  if (reading.tsMs > nowMs + clockToleranceMs) return 'from_the_future'
  if (lastMs !== undefined && reading.tsMs <= lastMs) return 'time_falls'
  if (reading.kind !== 'dvol') return Math.abs(reading.rate) > rateMax ? 'rate_out_of_bounds' : undefined
  const values = [reading.open, reading.high, reading.low, reading.close]
  return values.every((value) => value >= points.min && value <= points.max)
    ? undefined
    : 'points_out_of_bounds'
}
