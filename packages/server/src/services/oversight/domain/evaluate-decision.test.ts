import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecisionPolicy, defaultPolicy } from './decision-policy.ts'
import { type DecisionGrounds, type DecisionRequest, evaluateDecision } from './evaluate-decision.ts'
import { decisions, domains } from './interaction.ts'
import { parameters } from './parameters.ts'
import { routes } from './route.ts'
import { roleClasses } from './settings.ts'
import { evidenceGrades } from './side-counters.ts'
import { type Trigger, triggerFacts, triggerOps } from './triggers.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const permille = fc.integer({ min: 0, max: 1_000 })
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null })

const human = fc.record({
  decision: fc.constantFrom(...decisions),
  modificationExtent: permille,
  timeToDecisionMs: maybe(fc.integer({ min: 0, max: 86_400_000 })),
  hoverEvents: maybe(fc.integer({ min: 0, max: 20 })),
  scrollDepth: maybe(permille),
  alternativeViewsChecked: maybe(fc.integer({ min: 0, max: 20 })),
  evidenceGrade: fc.constantFrom(...evidenceGrades),
})

const request: fc.Arbitrary<DecisionRequest> = fc.record({
  pass: fc.constantFrom('flat', 'pre_ai', 'post_ai'),
  domain: fc.constantFrom(...domains),
  human: maybe(human),
  stakes: maybe(share),
  modelConfidence: maybe(share),
  model: maybe(fc.record({ provider: fc.constantFrom('openai', 'x'), name: fc.constant(null) })),
  category: fc.constant(null),
  tags: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  sessionId: fc.constant(null),
  pool: fc.constant(null),
})

const grounds: fc.Arbitrary<DecisionGrounds> = fc.record({
  operator: maybe(
    fc.record({
      roleClass: fc.constantFrom(...roleClasses),
      minimumDataMet: fc.boolean(),
      jis: maybe(fc.integer({ min: 0, max: 1_000 }).map((tenths) => tenths / 10)),
      band: maybe(fc.constantFrom('proficient', 'at_risk')),
      article14: maybe(fc.constantFrom('compliant', 'conditional', 'at_risk')),
    }),
  ),
  norm: fc.constant({ id: 'default', tMinMs: 500, tRefMs: 15_000 }),
  settingsVersion: fc.constant(1),
  telemetry: fc.record({
    stampMs: fc.constant(1_500),
    zeroTelemetry: fc.constantFrom('measured', 'unmeasured'),
  }),
  resumed: fc.constant(null),
})

const trigger: fc.Arbitrary<Trigger> = fc.record({
  id: fc.constantFrom('one', 'two', 'three'),
  enabled: fc.boolean(),
  minimumRoute: fc.constantFrom('async_review', 'must_review', 'policy_blocked'),
  when: fc.array(
    fc.record({
      fact: fc.constantFrom(...triggerFacts),
      op: fc.constantFrom(...triggerOps),
      value: fc.oneof(share, fc.boolean(), fc.constantFrom('aviation', 'a', 'critical'), fc.constant(null)),
    }),
    { maxLength: 3 },
  ),
})

const base = defaultPolicy(parameters)
const evaluate = (sent: DecisionRequest, known: DecisionGrounds, policy: DecisionPolicy) =>
  evaluateDecision(sent, known, policy, parameters)

describe('every decision', () => {
  it('triggers-only-raise-the-route: with them it is never lower than without, and the score is the same', () => {
    fc.assert(
      fc.property(request, grounds, fc.array(trigger, { maxLength: 8 }), (sent, known, triggers) => {
        const without = evaluate(sent, known, { ...base, triggers: [] })
        const within = evaluate(sent, known, { ...base, triggers })
        expect(routes.indexOf(within.route)).toBeGreaterThanOrEqual(routes.indexOf(without.route))
        expect(within.score).toBe(without.score)
        expect(within.factors).toEqual(without.factors)
        // Those that are said to have forced it did, and a route that is higher was forced by somebody.
        expect(within.forcing.length > 0).toBe(within.route !== without.route)
        expect(within.triggers).toEqual(expect.arrayContaining([...within.forcing]))
      }),
      { numRuns: 2_000 },
    )
  })

  it('every-route-is-one-the-client-knows: four words, and only a trigger or a failure blocks', () => {
    // The public client fails closed on any other.
    const known = ['auto', 'async_review', 'must_review', 'policy_blocked']
    expect(routes).toEqual(known)
    const seen = new Set<string>()
    fc.assert(
      fc.property(request, grounds, fc.array(trigger, { maxLength: 8 }), (sent, facts, triggers) => {
        const { route, blocking, score } = evaluate(sent, facts, { ...base, triggers })
        expect(known).toContain(route)
        expect(route === 'policy_blocked').toBe(blocking.length > 0)
        expect(score).toBeLessThanOrEqual(0.7623)
        seen.add(route)
      }),
      { numRuns: 2_000 },
    )
    expect([...seen].toSorted()).toEqual(known.toSorted())
  })

  it('a resolution answers in place of the score and of triggers, but for one that blocks', () => {
    const sent: DecisionRequest = {
      pass: 'post_ai',
      domain: 'aviation',
      human: null,
      stakes: null,
      modelConfidence: 0.6,
      model: null,
      category: null,
      tags: [],
      sessionId: null,
      pool: null,
    }
    const known: DecisionGrounds = {
      operator: null,
      norm: { id: 'default', tMinMs: 500, tRefMs: 15_000 },
      settingsVersion: 1,
      telemetry: { stampMs: 1_500, zeroTelemetry: 'measured' },
      resumed: { id: '01KW0000000000000000000000', finalRoute: 'auto' },
    }
    const raising = (minimumRoute: Trigger['minimumRoute']): DecisionPolicy => ({
      ...base,
      triggers: [
        { id: 't', enabled: true, minimumRoute, when: [{ fact: 'pass', op: 'eq', value: 'post_ai' }] },
      ],
    })
    expect(evaluate(sent, known, raising('must_review'))).toMatchObject({
      route: 'auto',
      forcing: [],
      triggers: ['t'],
      reasonCodes: [
        'factor:stakes',
        'factor:operator',
        'factor:model',
        'trigger:t',
        'resolved:dec_01KW0000000000000000000000',
      ],
    })
    expect(evaluate(sent, known, raising('policy_blocked'))).toMatchObject({
      route: 'policy_blocked',
      blocking: ['t'],
    })
  })
})
