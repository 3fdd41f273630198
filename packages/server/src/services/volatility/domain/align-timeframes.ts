import type { Regime } from './regime-code.ts'
import type { Timeframe } from './timeframe.ts'

export type Reading = { readonly timeframe: Timeframe; readonly regime: Regime }

export type Alignment = {
  readonly target: Regime | null
  readonly alignedTimeframes: readonly Timeframe[]
  /** The share of available timeframes that are aligned; null if none is available. */
  readonly score: number | null
  /** The state on which all agree, if there are at least two. */
  readonly consensus: Regime | null
  readonly isMatched: boolean
}

/**
 * Whether timeframes agree, starting with the longest; `readings` are those classified and not stale, longest first.
 * For `any`, the target is the most frequent state and, on a tie, that of the longest timeframe (wire W4.6).
 */
export function alignTimeframes(readings: readonly Reading[], match: Regime | 'any'): Alignment {
  const target = match === 'any' ? mostFrequent(readings) : match
  const aligned = readings.filter(({ regime }) => regime === target)
  const [first] = readings
  const score = readings.length === 0 ? null : aligned.length / readings.length
  return {
    target,
    alignedTimeframes: aligned.map(({ timeframe }) => timeframe),
    score,
    consensus:
      first !== undefined && readings.length >= 2 && readings.every(({ regime }) => regime === first.regime)
        ? first.regime
        : null,
    isMatched: score === 1,
  }
}

function mostFrequent(readings: readonly Reading[]): Regime | null {
  let best: { readonly regime: Regime; readonly count: number } | undefined
  for (const { regime } of readings) {
    const count = readings.filter((one) => one.regime === regime).length
    if (best === undefined || count > best.count) best = { regime, count }
  }
  return best?.regime ?? null
}
