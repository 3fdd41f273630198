import type { Regime } from './regime-code.ts'

export type Sizing = {
  readonly rawFraction: number | null
  readonly damper: number
  readonly fraction: number | null
  readonly isCapped: boolean
}

/** Factor in high volatility, if the damper is enabled. */
const highDamper = 0.5

/**
 * The share of a portfolio that has an annual volatility of `targetVol` at the volatility measured now; a
 * calculation, not advice. Null while the series warms up, and in a market without movement (wire W4.10).
 */
export function sizePosition(
  realizedVol: number | null,
  regime: Regime | null,
  { targetVol, isDamped }: { readonly targetVol: number; readonly isDamped: boolean },
): Sizing {
  const damper = isDamped && regime === 'high' ? highDamper : 1
  if (realizedVol === null || realizedVol === 0 || regime === null)
    return { rawFraction: null, damper, fraction: null, isCapped: false }
  const rawFraction = targetVol / realizedVol
  return { rawFraction, damper, fraction: Math.min(1, rawFraction) * damper, isCapped: rawFraction > 1 }
}
