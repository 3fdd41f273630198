import type { Regime } from './regime-code.ts'
import type { Timeframe } from './timeframe.ts'

export type Reading = { readonly timeframe: Timeframe; readonly regime: Regime }

export type Alignment = {
  readonly target: Regime | null
  readonly alignedTimeframes: readonly Timeframe[]
  /** Aligned of those available; null where there is none. */
  readonly score: number | null
  /** The one state that all of at least two hold. */
  readonly consensus: Regime | null
  readonly isMatched: boolean
}

/**
 * Whether timeframes agree from the longest down; `readings` are those that are classified and not stale, longest first.
 * For `any` the target is the most frequent state, of equals that of the longest timeframe (wire W4.6).
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
