import { roundLimits, wilson } from './intervals.ts'
import type { Metric } from './reliance.ts'
import { roundTo } from './rounding.ts'

/** The number of observed AI calls, and of those that a decision followed. */
export type Seen = { readonly observed: number; readonly matched: number }

export type Coverage = Seen & Pick<Metric, 'value' | 'low' | 'high' | 'method'>

/** The share of calls that a decision followed, with a Wilson interval; null below ten calls (specification 9.5). */
export function toCoverage({ observed, matched }: Seen, trialsMin: number): Coverage {
  if (observed < trialsMin) return { observed, matched, value: null, low: null, high: null, method: null }
  return {
    observed,
    matched,
    value: roundTo(matched / observed, 4),
    ...roundLimits(wilson(matched, observed)),
    method: 'wilson',
  }
}

export function addSeen(a: Seen, b: Seen): Seen {
  return { observed: a.observed + b.observed, matched: a.matched + b.matched }
}
