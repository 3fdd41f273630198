import { describe, expect, it } from 'vitest'
import { countInteraction, type CountingRule } from './count-interaction.ts'
import { toSums } from './counters.ts'
import type { Interaction } from './interaction.ts'
import { judgeTruth } from './judge-truth.ts'
import { parameters } from './parameters.ts'

const unknown: Interaction = {
  aiRecommendationPresented: true,
  aiAvailable: true,
  timeToDecisionMs: 4_000,
  decision: 'accepted',
  modificationExtent: 300,
  scenarioType: 'standard',
  outcomeCorrect: null,
  hoverEvents: 2,
  scrollDepth: 500,
  alternativeViewsChecked: 1,
  aiCorrect: null,
  operatorConfidence: 800,
  initialDecision: null,
}
/** How much there was, and what was done with it. */
const sayNothing = new Set(['all', 'practice', 'rel', 'a', 'q', 'q2', 'post', 'post_q', 'acc', 'stamp'])
const ownAnswers: readonly Interaction['initialDecision'][] = [
  null,
  { agreesWithAi: true, correct: null, values: null },
  { agreesWithAi: false, correct: null, values: null },
]
const cases = (['accepted', 'modified', 'rejected', 'independent'] as const).flatMap((decision) =>
  (['standard', 'split', 'independent'] as const).flatMap((scenarioType) =>
    ownAnswers.flatMap((initialDecision) =>
      (['open', 'binary'] as const).map((taskType) => ({
        decision,
        scenarioType,
        initialDecision,
        taskType,
      })),
    ),
  ),
)

describe('unknown-outcomes-are-never-right-or-wrong', () => {
  it.each(cases)('$decision, $scenarioType, $taskType', ({ taskType, ...given }) => {
    const interaction = { ...unknown, ...given }
    expect(judgeTruth(interaction, taskType)).toEqual({ ai: null, final: null, own: null })
    const norm = { tMinMs: 500, tRefMs: 15_000 }
    const rule: CountingRule = { parameters, norm, taskType, stampMs: 1_500 }
    const sums = toSums(countInteraction(interaction, rule, true))
    const told = Object.entries(sums).filter(([name, value]) => value !== 0 && !sayNothing.has(name))
    expect(told).toEqual([])
  })

  it('and what is known is not made unknown', () => {
    const known = { ...unknown, outcomeCorrect: true }
    expect(judgeTruth(known, 'open')).toEqual({ ai: { wrong: false, weight: 1_000 }, final: true, own: null })
    const refused = { ...known, decision: 'rejected', outcomeCorrect: false } as const
    expect(judgeTruth(refused, 'open').ai).toBeNull()
    expect(judgeTruth(refused, 'binary').ai).toEqual({ wrong: false, weight: 1_000 })
  })
})
