import { describe, expect, it } from 'vitest'
import { beginLife, lifeAt } from './decision-life.ts'
import { type DecisionPolicy, defaultPolicy } from './decision-policy.ts'
import { type DecisionGrounds, type DecisionRequest, evaluateDecision } from './evaluate-decision.ts'
import { parameters } from './parameters.ts'
import { type PastDecision, previewPolicy } from './preview-policy.ts'

const hourMs = 3_600_000
const nowMs = 1_000 * hourMs
const base = defaultPolicy(parameters)

const gate: DecisionRequest = {
  pass: 'pre_ai',
  domain: 'aviation',
  human: null,
  stakes: null,
  modelConfidence: 0.6,
  model: { provider: 'openai', name: null },
  category: null,
  tags: [],
  sessionId: null,
  pool: null,
}
const grounds: DecisionGrounds = {
  operator: { roleClass: 'high_risk', minimumDataMet: false, jis: null, band: null, article14: null },
  norm: { id: 'default', tMinMs: 500, tRefMs: 15_000 },
  settingsVersion: 1,
  telemetry: { stampMs: 1_500, zeroTelemetry: 'measured' },
  resumed: null,
}

/** A decision as the default policy routed it, `agoMs` before now: aviation 0.4338, housing 0.3091 (specification 7). */
function decide(id: string, agoMs: number, sent: Partial<DecisionRequest> = {}): PastDecision {
  const request = { ...gate, ...sent }
  const evaluation = evaluateDecision(request, grounds, base, parameters)
  const receivedAtMs = nowMs - agoMs
  const about = { operatorId: 'pilot-7', pool: request.pool, assignee: null }
  const life = lifeAt(beginLife(evaluation.route, base, about, receivedAtMs), nowMs)
  return { ...life, id, receivedAtMs, request, grounds, evaluation, parameters }
}

function decidedAfter(past: PastDecision, afterMs: number): PastDecision {
  return {
    ...past,
    state: 'resolved',
    resolution: {
      action: 'approve',
      by: 'reviewer',
      reviewerId: 'r-1',
      finalRoute: 'auto',
      reasonCode: null,
      editedOutputHash: null,
      atMs: past.receivedAtMs + afterMs,
    },
  }
}

const housing = { domain: 'housing', modelConfidence: null } as const
const preview = (past: readonly PastDecision[], change: Partial<DecisionPolicy>) =>
  previewPolicy(past, base, { ...base, ...change }, nowMs)

describe('a preview routes past decisions again, as scoring would', () => {
  it('at a threshold that equals the score a decision waits, and above it it goes on', () => {
    const past = [decide('a', hourMs), decide('h', hourMs, housing)]
    const at = preview(past, { thresholds: [0.3091, 0.6] })
    expect(at.inForce.routes).toEqual({ auto: 1, async_review: 1, must_review: 0, policy_blocked: 0 })
    expect(at.changed.routes).toEqual({ auto: 0, async_review: 2, must_review: 0, policy_blocked: 0 })
    expect(at.judged.map(({ moved }) => moved)).toEqual([null, 'stricter'])
    expect([at.inForce.waiting, at.changed.waiting]).toEqual([1, 2])
    const above = preview(past, { thresholds: [0.4339, 0.6] })
    expect(above.judged.map(({ moved }) => moved)).toEqual(['looser', null])
    expect(preview(past, {}).judged.every(({ moved }) => moved === null)).toBe(true)
  })

  it('a changed trigger and changed stakes count, and what was recorded then is told beside what is in force', () => {
    const past = [decide('h', hourMs, housing)]
    const blocked = preview(past, {
      triggers: [
        {
          id: 'no_housing',
          enabled: true,
          minimumRoute: 'policy_blocked',
          when: [{ fact: 'domain', op: 'eq', value: 'housing' }],
        },
      ],
    })
    expect(blocked.judged).toMatchObject([
      {
        recorded: 'auto',
        inForce: { route: 'auto', outcome: 'released' },
        changed: { route: 'policy_blocked', outcome: 'blocked' },
        moved: 'stricter',
      },
    ])
    expect(preview(past, { stakes: { housing: 1 } }).changed.routes.async_review).toBe(1)
    const since = previewPolicy(past, { ...base, thresholds: [0.1, 0.2] }, base, nowMs)
    expect(since.recorded.auto).toBe(1)
    expect(since.inForce.routes.must_review).toBe(1)
    expect(since.judged).toMatchObject([{ moved: 'looser' }])
  })

  it('those that wait are counted for the pool that may review them, and for anyone where that is nobody’s', () => {
    const past = [
      decide('1', hourMs, { pool: 'tower' }),
      decide('2', hourMs, { pool: 'tower' }),
      decide('3', hourMs, { pool: 'gone' }),
      decide('4', hourMs),
    ]
    const { inForce, changed } = preview(past, { pools: { tower: ['r-1'] } })
    expect(inForce.pools).toEqual([{ pool: null, waiting: 4 }])
    expect(changed.pools).toEqual([
      { pool: null, waiting: 2 },
      { pool: 'tower', waiting: 2 },
    ])
  })
})

describe('changed times change outcomes as far as that follows from what people did', () => {
  const times = (hours: number, asyncFallback: 'auto' | 'policy_blocked' = 'policy_blocked') => ({
    expirySeconds: { asyncReview: hours * 3_600, mustReview: 3_600 },
    asyncFallback,
  })

  it('who decided an instant before the deadline was in time, and at it was too late', () => {
    const past = [
      decidedAfter(decide('1', 100 * hourMs), 2 * hourMs - 1),
      decidedAfter(decide('2', 100 * hourMs), 2 * hourMs),
    ]
    const { inForce, changed, judged } = preview(past, times(2, 'auto'))
    expect(inForce.outcomes.decided).toBe(2)
    expect(changed.outcomes).toMatchObject({ decided: 1, expired_released: 1 })
    expect(judged.map(({ moved }) => moved)).toEqual([null, 'outcome'])
  })

  it('what nobody decided by then expires as the changed fallback says; with more time it cannot be known', () => {
    const past = [decide('expired', 100 * hourMs), decide('pending', 10 * hourMs)]
    expect(preview(past, {}).inForce.outcomes).toMatchObject({ expired_blocked: 1, open: 1 })
    expect(preview(past, times(10, 'auto')).changed.outcomes).toMatchObject({ expired_released: 2 })
    expect(preview(past, times(73)).changed.outcomes).toMatchObject({ open: 2, expired_blocked: 0 })
  })

  it('what did not wait then, or was escalated, says nothing of when a person would have decided', () => {
    const escalated = { ...decidedAfter(decide('1', 100 * hourMs), hourMs), route: 'must_review' as const }
    const { changed } = preview([escalated, decide('2', hourMs, housing)], { thresholds: [0.1, 0.6] })
    expect(changed.outcomes).toMatchObject({ open: 2, decided: 0 })
  })
})

it('what is no longer known of is counted as not judged, and never dropped in silence', () => {
  const whole = decide('whole', hourMs)
  // Safe: as an earlier release may have stored it.
  const partial = { id: 'x' } as unknown as DecisionGrounds
  const found = preview(
    [
      whole,
      { ...whole, id: 'erased', grounds: null },
      { ...whole, id: 'partial', grounds: partial, request: { ...gate, human: sent } },
      { ...whole, id: 'later', parameters: undefined },
    ],
    { thresholds: [0, 0] },
  )
  expect(found.judged.map(({ id }) => id)).toEqual(['whole'])
  expect(found.notJudged).toEqual({ inputsGone: 2, modelUnknown: 1 })
  expect(preview([], {})).toMatchObject({
    judged: [],
    notJudged: { inputsGone: 0, modelUnknown: 0 },
    changed: { waiting: 0, pools: [] },
  })
})

const sent = {
  decision: 'accepted',
  modificationExtent: 0,
  timeToDecisionMs: 400,
  hoverEvents: null,
  scrollDepth: null,
  alternativeViewsChecked: null,
  evidenceGrade: 'asserted',
} as const
