import type { Regime } from './regime-code.ts'

export type Consensus = {
  /** The state of more than half of the available venues, if there are at least two. */
  readonly consensus: Regime | null
  /** The size of the largest group. */
  readonly agreed: number
  readonly available: number
  readonly reason: 'unanimous' | 'majority' | 'tie' | 'too_few_venues'
}

/** The consensus of venues; `readings` are the states of the available ones (specification 12.3). */
export function agreeOn(readings: readonly Regime[]): Consensus {
  const available = readings.length
  const groups = (['low', 'normal', 'high'] as const).map((regime) => ({
    regime,
    size: readings.filter((one) => one === regime).length,
  }))
  const largest = groups.reduce((best, group) => (group.size > best.size ? group : best))
  const { regime, size: agreed } = largest
  if (available < 2) return { consensus: null, agreed, available, reason: 'too_few_venues' }
  if (agreed === available) return { consensus: regime, agreed, available, reason: 'unanimous' }
  if (2 * agreed > available) return { consensus: regime, agreed, available, reason: 'majority' }
  return { consensus: null, agreed, available, reason: 'tie' }
}
