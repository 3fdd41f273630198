import { addVectors, type CounterVector, zeroVector } from './counters.ts'
import { countInteraction, type CountingRule, isDiscoveredError } from './count-interaction.ts'
import { type Interaction, isRelianceTrial } from './interaction.ts'
import type { DayCounters } from './recency.ts'
import { tagTrial } from './tag.ts'

export type FoldedHistory = {
  readonly days: readonly DayCounters[]
  readonly counts: CounterVector
  readonly postLeft: number
  readonly tags: readonly boolean[]
}

/** Counts interactions in ledger order, each with everything known about it at its place. */
export function foldHistory(
  history: readonly { readonly day: number; readonly interaction: Interaction }[],
  rule: CountingRule,
): FoldedHistory {
  const days = new Map<number, CounterVector>()
  const tags: boolean[] = []
  let postLeft = 0
  for (const { day, interaction } of history) {
    const trial = {
      isReliance: isRelianceTrial(interaction),
      discovers: isDiscoveredError(interaction, rule.taskType),
    }
    const tagged = tagTrial(postLeft, trial, rule.parameters.recalibration.window)
    postLeft = tagged.postLeft
    tags.push(tagged.isPostError)
    const vector = countInteraction(interaction, rule, tagged.isPostError)
    days.set(day, addVectors(days.get(day) ?? zeroVector, vector))
  }
  const counts = [...days.values()].reduce(addVectors, zeroVector)
  return { days: [...days].map(([day, counters]) => ({ day, counters })), counts, postLeft, tags }
}
