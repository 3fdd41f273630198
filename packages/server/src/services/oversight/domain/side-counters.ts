import { type Interaction, isRelianceTrial } from './interaction.ts'
import { overrideOf } from './judge-truth.ts'

/** How a decision is evidenced, weakest first (specification 9.4). */
export const evidenceGrades = ['asserted', 'anchored', 'attested'] as const

export type EvidenceGrade = (typeof evidenceGrades)[number]

/** Daily counters that do not affect the score. */
export const sideNames = [
  'ev_asserted',
  'ev_anchored',
  'ev_attested',
  'ev_attested_link',
  'open',
  'deferred',
  't_ms',
  'trap_n',
  'trap_a',
  'ini_n',
  'zero_n',
] as const

export type SideName = (typeof sideNames)[number]

/** One integer per side counter, in the order of `sideNames`. */
export type SideVector = readonly number[]

export const noSide: SideVector = sideNames.map(() => 0)

export function addSide(a: SideVector, b: SideVector): SideVector {
  return a.map((value, at) => value + (b[at] ?? 0))
}

export function toSide(vector: SideVector): Readonly<Record<SideName, number>> {
  // Safe: one value for each of `sideNames`.
  return Object.fromEntries(sideNames.map((name, at) => [name, vector[at] ?? 0])) as Record<SideName, number>
}

/**
 * The side counters of a counted interaction. `isByLink`: its attestation came from an authenticator enrolled through
 * an access link.
 */
export function countSide(interaction: Interaction, grade: EvidenceGrade, isByLink: boolean): SideVector {
  const isTrap = interaction.scenarioType === 'trap' && isRelianceTrial(interaction)
  const isZero =
    interaction.hoverEvents === 0 &&
    interaction.scrollDepth === 0 &&
    interaction.alternativeViewsChecked === 0
  return toVector({
    [`ev_${grade}`]: 1,
    ev_attested_link: Number(grade === 'attested' && isByLink),
    t_ms: interaction.timeToDecisionMs,
    trap_n: Number(isTrap),
    trap_a: Number(isTrap && overrideOf(interaction) >= 500),
    ini_n: Number(isRelianceTrial(interaction) && interaction.initialDecision !== null),
    zero_n: Number(isZero),
  })
}

/** The side counters of an interaction that is not counted yet. */
export function countWaiting(interaction: Interaction): SideVector {
  return toVector(interaction.decision === 'defer' ? { deferred: 1 } : { open: 1 })
}

function toVector(given: Partial<Record<SideName, number>>): SideVector {
  return sideNames.map((name) => given[name] ?? 0)
}

export type EvidenceMix = {
  readonly n: number
  readonly asserted: number
  readonly anchored: number
  readonly attested: number
  readonly attestedByLink: number
  readonly open: number
  readonly deferred: number
}

/** Shares of counted decisions by evidence grade, at 4 decimals. They sum to one: `asserted` is the remainder. */
export function toEvidenceMix(vector: SideVector, round: (v: number) => number): EvidenceMix {
  const side = toSide(vector)
  const n = side.ev_asserted + side.ev_anchored + side.ev_attested
  const share = (count: number): number => (n === 0 ? 0 : round(count / n))
  const [anchored, attested] = [share(side.ev_anchored), share(side.ev_attested)]
  return {
    n,
    asserted: n === 0 ? 0 : round(1 - anchored - attested),
    anchored,
    attested,
    attestedByLink: share(side.ev_attested_link),
    open: side.open,
    deferred: side.deferred,
  }
}
