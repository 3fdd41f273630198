import type { RatedCase } from './agreement.ts'
import { type Interaction, isCounted } from './interaction.ts'

export type CaseRating = {
  readonly caseId: string
  readonly operatorId: string
  readonly label: string | null
  readonly interaction: Interaction
  readonly isClosed: boolean
}

/**
 * Cases with one rating per person, in the order of first appearance. A person's first valid rating counts: its label
 * or, without one, the decision. Deferrals, placeholders and practice items are no ratings (specification 5.5).
 */
export function toRatedCases(ratings: readonly CaseRating[]): readonly RatedCase[] {
  const cases = new Map<string, Map<string, string>>()
  for (const { caseId, operatorId, label, interaction, isClosed } of ratings) {
    if (!isCounted(interaction, isClosed) || interaction.scenarioType !== 'standard') continue
    const rated = cases.get(caseId) ?? new Map<string, string>()
    if (!rated.has(operatorId)) rated.set(operatorId, label ?? interaction.decision)
    cases.set(caseId, rated)
  }
  return [...cases.values()]
}
