import { dimensionNames, type DimensionName, type Parameters } from './parameters.ts'

/** The clauses of Article 14(4), with the dimensions that give evidence for each (specification 11). */
export const clauses = {
  '14(4)(a)': ['error_detection', 'domain_confidence'],
  '14(4)(b)': ['deferral_resistance', 'post_error_recalibration'],
  '14(4)(c)': ['deliberation_depth'],
  '14(4)(d)': ['deferral_resistance', 'independent_performance', 'decision_autonomy'],
  '14(4)(e)': ['decision_autonomy'],
} as const satisfies Readonly<Record<string, readonly DimensionName[]>>

export type Clause = keyof typeof clauses

// Safe: the literal's own keys.
export const clauseNames = Object.keys(clauses) as readonly Clause[]

export const clauseStatuses = [
  'evidence_met',
  'evidence_partial',
  'evidence_missing',
  'insufficient_data',
] as const

export type ClauseStatus = (typeof clauseStatuses)[number]

/** One operator with minimum data: D1 to D7 as shown, null if undefined, and the weighted evidence behind each. */
export type ShownDimensions = {
  readonly dimensions: readonly (number | null)[]
  readonly evidence: readonly number[]
}

const [metFrom, partialFrom, shownFrom] = [0.9, 0.5, 60]

export function judgeShare(share: number): ClauseStatus {
  if (share >= metFrom) return 'evidence_met'
  return share >= partialFrom ? 'evidence_partial' : 'evidence_missing'
}

/** The share of operators whose every dimension of the clause is shown at 60 or more on enough evidence. */
export function shareMeeting(
  clause: Clause,
  operators: readonly ShownDimensions[],
  { shrink_k: ks }: Parameters,
): number {
  const at = clauses[clause].map((name) => dimensionNames.indexOf(name))
  const meeting = operators.filter(({ dimensions, evidence }) =>
    at.every((place) => {
      const shown = dimensions[place] ?? null
      return shown !== null && shown >= shownFrom && (evidence[place] ?? 0) >= (ks[place] ?? 0)
    }),
  )
  return operators.length === 0 ? 0 : meeting.length / operators.length
}

export type ClauseFacts = {
  /** Whether every operator has been informed about what is recorded. */
  readonly isEverybodyTold: boolean
  /** Whether a decision was stopped, or a stop drill was documented. */
  readonly hasStopped: boolean
}

/** The status of a clause. Two of the clauses cannot be met by figures alone. */
export function judgeClause(
  clause: Clause,
  operators: readonly ShownDimensions[],
  { isEverybodyTold, hasStopped }: ClauseFacts,
  parameters: Parameters,
): ClauseStatus {
  const status = judgeShare(shareMeeting(clause, operators, parameters))
  const isCapped = (clause === '14(4)(b)' && !isEverybodyTold) || (clause === '14(4)(e)' && !hasStopped)
  return isCapped && status === 'evidence_met' ? 'evidence_partial' : status
}
