import { quantileOfSorted } from './quantiles.ts'

/** The newest residuals that a day's range is made of, and how many it takes (specification 7.9). */
export const rangeResiduals = { window: 10_080, least: 5_040 } as const

const shares = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const

/** Quantiles of ln F − forecast at 2.5, 10, 25, 50, 75, 90 and 97.5 %. */
export type ResidualQuantiles = readonly [number, number, number, number, number, number, number]

/** A range for the realised volatility of the next 30 returns, as fractions a year. It tells of no direction. */
export type VolatilityRange = {
  readonly median: number
  readonly interval: Readonly<Record<'50' | '80' | '95', readonly [low: number, high: number]>>
}

/** The quantiles of a day's residuals, newest last; undefined of too few. */
export function residualQuantiles(residuals: Float64Array): ResidualQuantiles | undefined {
  const newest = residuals.subarray(-rangeResiduals.window)
  if (newest.length < rangeResiduals.least) return undefined
  const sorted = newest.toSorted()
  const [a, b, c, d, e, f, g] = shares.map((share) => quantileOfSorted(sorted, share))
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0, e ?? 0, f ?? 0, g ?? 0]
}

/** The range around a forecast of ln S. */
export function toVolatilityRange(forecast: number, quantiles: ResidualQuantiles): VolatilityRange {
  const [q2, q10, q25, q50, q75, q90, q97] = quantiles.map((quantile) => Math.exp(forecast + quantile))
  return {
    median: q50 ?? 0,
    interval: { '50': [q25 ?? 0, q75 ?? 0], '80': [q10 ?? 0, q90 ?? 0], '95': [q2 ?? 0, q97 ?? 0] },
  }
}
