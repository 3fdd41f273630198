import type { Sums } from './counters.ts'
import type { Parameters } from './parameters.ts'
import { roundTo } from './rounding.ts'

/** An organisation's own decay parameters for a domain, per month. */
export type DecayPair = { readonly alpha: number; readonly beta: number }

/**
 * Factors of decay: the share of rubber stamps among measured acceptances, and the share of practice among all
 * decisions.
 */
export type DecayShares = { readonly stamps: number; readonly practice: number }

const daysPerMonth = 30

export function toDecayShares({ stamp, acc, practice, all }: Sums): DecayShares {
  return { stamps: acc === 0 ? 0 : stamp / acc, practice: all === 0 ? 0 : practice / all }
}

/** λ per month, at 12 decimals: an illustration, not a forecast of this person (specification 6). */
export function decayRate(
  { stamps, practice }: DecayShares,
  { alpha, beta }: DecayPair,
  { gamma }: Parameters['decay'],
): number {
  return roundTo(Math.max(0, beta + alpha * stamps - gamma * practice), 12)
}

/** J after `days` at 1 decimal: `F + (J₀ − F) · exp(−λ · days/30)`; a score at the floor does not change. */
export function projectJis(jis: number, lambda: number, days: number, floor: number): number {
  if (jis <= floor) return roundTo(jis, 1)
  return roundTo(floor + (jis - floor) * Math.exp((-lambda * days) / daysPerMonth), 1)
}

/** The first whole day on which the score is below `threshold`; null if it never is, or is already. */
export function daysUntilBelow(jis: number, lambda: number, threshold: number, floor: number): number | null {
  if (jis <= threshold || lambda === 0) return null
  return Math.floor((-daysPerMonth * Math.log((threshold - floor) / (jis - floor))) / lambda) + 1
}
