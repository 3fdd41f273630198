import { daysUntilBelow, decayRate, projectJis } from '../decay.ts'
import { rateDecision, type RiskInput } from '../decision-risk.ts'
import { parameters } from '../parameters.ts'
import { defaultStakes, toRoute } from '../route.ts'
import type { KnownAnswer } from './known-answer.ts'

const accepted = { decision: 'accepted', modificationExtent: 0, behaviour: null } as const
const modified = { decision: 'modified', modificationExtent: 310, behaviour: null } as const
const rejected = { decision: 'rejected', modificationExtent: 0, behaviour: null } as const
const quick = { ...accepted, behaviour: { isStamp: false, deliberation: 0 } }
const short = { ...accepted, behaviour: { isStamp: false, deliberation: 377 } }

/** Known answers of specification 6 and 7 for decay, risk and routes. */
export const decisionAnswers: readonly KnownAnswer[] = [
  decay(74.3, 0, 0, [0.1, 70.1, 62.8, 117]),
  decay(82, 0.5, 0.05, [0.125, 75.9, 65.7, 133]),
  decay(60.1, 1, 0, [0.25, 53.4, 44.2, 1]),
  decay(55, 0, 0, [0.1, 52.6, 48.5, null]),
  decay(22, 0.2, 0, [0.13, 22, 22, null]),
  decay(91.2, 0, 0.2, [0, 91.2, 91.2, null]),
  fall(74.3, 0.1, [447, 70.1, 62.8, 54.3, 43.1]),
  fall(82, 0.125, [396, 75.9, 65.7, 54.6, 41.4]),
  fall(55, 0.1, [275, 52.6, 48.5, 43.7, 37.4]),
  fall(38, 0.1, [null, 37.2, 35.9, 34.4, 32.4]),
  risk(
    'financial, modified 0.31, jis 74.3',
    { operatorJis: 74.3, stakes: 0.6, human: modified },
    0.2624,
    'auto',
  ),
  risk('the same, operator unknown', { operatorJis: null, stakes: 0.6, human: modified }, 0.3314, 'auto'),
  risk(
    'aviation, accepted in 400 ms, unknown operator, model confidence 0.6',
    { operatorJis: null, stakes: 0.95, modelConfidence: 0.6, human: quick },
    0.632,
    'must_review',
  ),
  risk(
    'healthcare, accepted in 1800 ms, jis 74.3',
    { operatorJis: 74.3, stakes: 0.9, human: short },
    0.4485,
    'async_review',
  ),
  risk('general, rejected, jis 90', { operatorJis: 90, stakes: 0.4, human: rejected }, 0.2618, 'auto'),
  risk(
    'employment, accepted in 1800 ms, jis 74.3',
    { operatorJis: 74.3, stakes: 0.75, human: short },
    0.4218,
    'async_review',
  ),
  risk('gate: healthcare', { operatorJis: null, stakes: 0.9, human: null }, 0.3606, 'async_review'),
  risk(
    'gate: housing',
    { operatorJis: null, stakes: defaultStakes('housing', parameters), human: null },
    0.3091,
    'auto',
  ),
  risk(
    'gate: aviation, model confidence 0.6',
    { operatorJis: null, stakes: 0.95, modelConfidence: 0.6, human: null },
    0.4338,
    'async_review',
  ),
]

function decay(
  jis: number,
  stamps: number,
  practice: number,
  expected: readonly (number | null)[],
): KnownAnswer {
  return {
    name: `decay of ${jis} with ${stamps} stamps and ${practice} practice`,
    expected,
    compute: () => {
      const rate = decayRate({ stamps, practice }, { alpha: 0.15, beta: 0.1 }, parameters.decay)
      return [
        rate,
        projectJis(jis, rate, 30, 30),
        projectJis(jis, rate, 90, 30),
        daysUntilBelow(jis, rate, 60, 30),
      ]
    },
  }
}

function fall(jis: number, lambda: number, expected: readonly (number | null)[]): KnownAnswer {
  return {
    name: `days until ${jis} is below 40 at λ ${lambda}`,
    expected,
    compute: () => [
      daysUntilBelow(jis, lambda, 40, 30),
      ...[30, 90, 180, 365].map((days) => projectJis(jis, lambda, days, 30)),
    ],
  }
}

function risk(
  name: string,
  input: Omit<RiskInput, 'modelConfidence'> & Partial<Pick<RiskInput, 'modelConfidence'>>,
  drs: number,
  route: string,
): KnownAnswer {
  return {
    name: `risk: ${name}`,
    expected: [drs, route],
    compute: () => {
      const { score } = rateDecision({ modelConfidence: null, ...input }, parameters)
      return [score, toRoute(score, parameters.drs.routes)]
    },
  }
}
