import { describe, expect, it } from 'vitest'
import { type EntrantName, type EntrantScore, judgeContest } from './contest.ts'

function entrant(name: EntrantName, macroF1: number, more: Partial<EntrantScore> = {}): EntrantScore {
  return {
    name,
    isWithinBudget: true,
    scores: { counted: 10_000, macroF1, f1: [0, 0, 0], truePositives: [0, 0, 0], support: [0, 0, 0] },
    interval: [macroF1 - 0.05, macroF1 + 0.05],
    alertsPerDay: 3,
    detection: { onsets: 0, already: 0, found: 0, missed: 0, medianLagBars: null },
    lead: name === 'published-fixed' ? null : { by: macroF1 - 0.45, interval: [0.01, 0.3] },
    chosen: [],
    movedStarts: [],
    ...more,
  }
}

const standard = entrant('published-fixed', 0.45)
const judge = (...others: readonly EntrantScore[]) => judgeContest('global', 5.6, [standard, ...others])

describe('quality-panel-names-the-winner-even-when-we-lose', () => {
  it('whoever labels bars best is named, above the default too, and every loser stays in the list', () => {
    const contest = judge(entrant('har-gk', 0.73), entrant('rv-level', 0.7), entrant('always-normal', 0.3))
    expect(contest).toMatchObject({ winner: 'har-gk', isDifferenceShown: true })
    expect(contest?.sentence).toContain('the default loses: har-gk has macro-F1 0.730')
    expect(contest?.entrants.map(({ name }) => name)).toEqual([
      'har-gk',
      'rv-level',
      'published-fixed',
      'always-normal',
    ])
  })

  it('a baseline that is never served wins as well', () => {
    expect(judge(entrant('percentile', 0.6), entrant('har-gk', 0.5))?.winner).toBe('percentile')
  })

  it.each<[string, Partial<EntrantScore>]>([
    ['its interval holds 0', { lead: { by: 0.08, interval: [-0.01, 0.2] } }],
    [
      'a moved start has it behind',
      { movedStarts: [{ byDays: 1, macroF1: 0.4, alertsPerDay: 3, leadBy: -0.02 }] },
    ],
    ['there are too few bars for an interval', { lead: { by: 0.08, interval: null } }],
  ])('no more is said than was shown: %s', (_promise, more) => {
    const contest = judge(entrant('har-gk', 0.53, more))
    expect(contest).toMatchObject({ winner: 'har-gk', isDifferenceShown: false })
    expect(contest?.sentence).toContain('no difference is shown')
    expect(contest?.sentence).not.toContain('loses')
  })

  it('who spent more alerts than the budget wins nothing, and is shown', () => {
    const contest = judge(entrant('hmm-3', 0.9, { isWithinBudget: false }), entrant('rv-level', 0.5))
    expect(contest?.winner).toBe('rv-level')
    expect(contest?.entrants[0]?.name).toBe('hmm-3')
  })

  it('where the default wins, that is said by the same rule', () => {
    const behind = entrant('har-gk', 0.4, { lead: { by: -0.05, interval: [-0.09, -0.01] } })
    expect(judge(behind)).toMatchObject({ winner: 'published-fixed', isDifferenceShown: true })
    const near = entrant('har-gk', 0.44, { lead: { by: -0.01, interval: [-0.05, 0.03] } })
    expect(judge(near)?.sentence).toContain('the default labels bars best')
    expect(judge(near)?.sentence).toContain('no difference is shown')
  })
})
