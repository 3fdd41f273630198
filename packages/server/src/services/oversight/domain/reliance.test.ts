import { describe, expect, it } from 'vitest'
import { toBehaviour } from './decision-risk.ts'
import { historyH80 } from './history-h80.ts'
import { isCounted } from './interaction.ts'
import { studentT95 } from './intervals.ts'
import { relianceAnswers } from './known-answers/reliance-answers.ts'
import { sumsOf } from './counters.ts'
import { parameters } from './parameters.ts'
import { reliance } from './reliance.ts'
import { applyTriggers, defaultTriggers } from './triggers.ts'

const r1 = { j31: 60, j18: 6, j9: 9, j10: 6, j7: 12, j4: 5, j2: 1, j0: 1, r10: 10, r11: 13, r00: 5, r01: 72 }

describe('reliance-vectors-r1-and-r2-hold', () => {
  it.each(relianceAnswers.slice(0, 2))('$name', ({ name, expected, compute }) => {
    expect(name).toMatch(/^R[12]:/)
    expect(compute()).toEqual(expected)
  })

  it('with the accuracies that a team gain compares', () => {
    expect(reliance(sumsOf(r1), 10).team).toEqual({
      basis: 'initial_decision',
      against: 'ai',
      ownAccuracy: 0.75,
      aiAccuracy: 0.77,
      finalAccuracy: 0.81,
    })
    const unaided = { fin: 40, fin_ok: 30, ind: 20, ind_ok: 12 }
    expect(reliance(sumsOf(unaided), 10)).toMatchObject({
      team_gain: { value: 0.15, n: 60, method: 'newcombe' },
      team: { basis: 'unaided', against: 'own', ownAccuracy: 0.6, aiAccuracy: null, finalAccuracy: 0.75 },
    })
    expect(reliance(sumsOf({}), 10)).toMatchObject({ team_gain: { value: null }, team: null })
  })
})

describe('decision risk', () => {
  it('reads no behaviour where nothing was measured, and a stamp where nothing was looked at', () => {
    const [first] = historyH80
    if (first === undefined) throw new Error('The history is empty')
    const looks = { hoverEvents: 0, scrollDepth: 0, alternativeViewsChecked: 0, timeToDecisionMs: 1_500 }
    const stamped = { ...first.interaction, ...looks, decision: 'accepted' } as const
    const norm = { tMinMs: 500, tRefMs: 15_000 }
    const unmeasured = { hoverEvents: null, scrollDepth: null, alternativeViewsChecked: null }
    expect(toBehaviour({ ...stamped, ...unmeasured }, false, norm, 1_500, parameters)).toBeNull()
    // A time that was not sent is no time: what is left is that nobody looked.
    expect(toBehaviour(stamped, false, norm, 1_500, parameters)).toMatchObject({ isStamp: false })
    expect(
      toBehaviour({ ...stamped, ...unmeasured, scrollDepth: 250 }, false, norm, 1_500, parameters),
    ).toEqual({ isStamp: false, deliberation: 250 })
    expect(toBehaviour(stamped, true, norm, 1_500, parameters)).toEqual({ isStamp: true, deliberation: 129 })
    expect(toBehaviour(stamped, true, norm, 1_499, parameters)?.isStamp).toBe(false)
  })

  it('placeholders-and-deferrals-count-nowhere-until-committed', () => {
    const [first] = historyH80
    if (first === undefined) throw new Error('The history is empty')
    const looks = { hoverEvents: 0, scrollDepth: 0, alternativeViewsChecked: 0, timeToDecisionMs: 0 }
    const placeholder = {
      ...first.interaction,
      ...looks,
      decision: 'accepted',
      outcomeCorrect: null,
    } as const
    expect([isCounted(placeholder, false), isCounted(placeholder, true)]).toEqual([false, true])
    expect(isCounted({ ...placeholder, timeToDecisionMs: 1 }, false)).toBe(true)
    expect(isCounted({ ...placeholder, decision: 'defer' }, true)).toBe(false)
  })

  it('triggers-only-raise-the-route, and facts about the person count with minimum data alone', () => {
    const facts = { role_class: 'critical', jis: 35, stakes: 0.9 } as const
    expect(applyTriggers('auto', defaultTriggers, { ...facts, minimum_data_met: true }).route).toBe(
      'must_review',
    )
    expect(applyTriggers('auto', defaultTriggers, { ...facts, minimum_data_met: false }).route).toBe('auto')
    const held = applyTriggers('policy_blocked', defaultTriggers, { ...facts, minimum_data_met: true })
    expect(held.route).toBe('policy_blocked')
    expect(held.holding.map(({ id }) => id)).toEqual(['critical_below_40'])
    expect(held.forcing).toEqual([])
  })
})

it('student quantiles are those of the specification at both ends', () => {
  expect([studentT95(4), studentT95(28), studentT95(29)]).toEqual([2.776445, 2.048407, 1.959963984540054])
})
