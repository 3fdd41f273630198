import type { Regime } from './regime-code.ts'

export type Sizing = {
  readonly rawFraction: number | null
  readonly damper: number
  readonly fraction: number | null
  readonly isCapped: boolean
}

/** In high volatility half of it, where a damper is asked for. */
const highDamper = 0.5

/**
 * What share of a portfolio has `targetVol` a year at the volatility that is measured now: arithmetic, no advice. Nulls
 * while the series warms up, and in a market that stands still (wire W4.10).
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
