import type { RelianceReply } from '../contract/views.ts'
import { type Reliance, relianceMetrics, type TeamAccuracy } from '../domain/reliance.ts'
import { type EvidenceMix, type SideVector, toEvidenceMix, toSide } from '../domain/side-counters.ts'
import { roundTo } from '../domain/rounding.ts'

/** These metrics include seeded errors, and the reply says so. */
const seeded: ReadonlySet<string> = new Set(['over_reliance', 'd_prime', 'criterion_c'])

export function toRelianceReply(
  profile: Reliance,
  windowDays: number | null,
  side: SideVector,
): RelianceReply {
  const { trap_n: traps } = toSide(side)
  return {
    window_days: windowDays,
    // Safe: one entry for each metric.
    ...(Object.fromEntries(
      relianceMetrics.map((name) => {
        const figure = profile[name]
        if (name === 'under_reliance') return [name, { ...figure, n_seeded: 0 }]
        if (name === 'team_gain') return [name, { ...figure, ...toTeam(profile.team) }]
        return [name, seeded.has(name) ? { ...figure, n_seeded: traps } : figure]
      }),
    ) as Omit<RelianceReply, 'window_days'>),
  }
}

function toTeam(team: TeamAccuracy | null): Partial<RelianceReply['team_gain']> {
  if (team === null) return {}
  const { basis, against, ownAccuracy, aiAccuracy, finalAccuracy } = team
  return {
    basis,
    against,
    own_accuracy: ownAccuracy,
    ai_accuracy: aiAccuracy,
    final_accuracy: finalAccuracy,
  }
}

/** The reliance profile if there are too few decisions or people for any figure. */
export function withheldReliance(windowDays: number | null): RelianceReply {
  return {
    window_days: windowDays,
    // Safe: one entry for each metric.
    ...(Object.fromEntries(
      relianceMetrics.map((name) => [name, { value: null, n: 0, low: null, high: null, method: null }]),
    ) as Omit<RelianceReply, 'window_days'>),
  }
}

export function toMixReply(side: SideVector) {
  const mix: EvidenceMix = toEvidenceMix(side, (value) => roundTo(value, 4))
  return {
    n: mix.n,
    asserted: mix.asserted,
    anchored: mix.anchored,
    attested: mix.attested,
    attested_by_link: mix.attestedByLink,
    n_open: mix.open,
    n_deferred: mix.deferred,
  }
}

/** The number of days of a requested window; null: all stored days. */
export function toWindowDays(window: '30' | '90' | '365' | 'all'): number | null {
  return window === 'all' ? null : Number(window)
}
