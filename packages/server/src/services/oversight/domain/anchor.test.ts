import { describe, expect, it } from 'vitest'
import { type IssuedNonce, judgeTelemetry, replaceClaims, type TelemetryEvent } from './anchor.ts'
import { historyH80 } from './history-h80.ts'

const nonce: IssuedNonce = {
  operatorId: 'analyst-42',
  sessionId: 'sess-001',
  issuedAtMs: 0,
  expiresAtMs: 900_000,
  usedBy: null,
}

const seen: readonly TelemetryEvent[] = [
  { seq: 1, type: 'hover', value: null, receivedAtMs: 1_000 },
  { seq: 2, type: 'scroll', value: 700, receivedAtMs: 2_000 },
  { seq: 3, type: 'scroll', value: 400, receivedAtMs: 2_500 },
  { seq: 4, type: 'alt_view', value: 3, receivedAtMs: 3_000 },
  { seq: 5, type: 'alt_view', value: 3, receivedAtMs: 3_100 },
  { seq: 6, type: 'decision_committed', value: null, receivedAtMs: 4_000 },
]
const who = { operatorId: 'analyst-42', sessionId: 'sess-001' }
const rule = { nowMs: 5_000, scoredWithinMs: 86_400_000 }

describe('what was seen of a session', () => {
  it('is counted by what came in: events, the deepest scroll, alternatives that differ, time to the decision', () => {
    expect(judgeTelemetry(nonce, true, seen, who, rule)).toEqual({
      anchored: true,
      sighting: { hoverEvents: 1, scrollDepth: 700, alternativeViewsChecked: 1, elapsedMs: 4_000 },
    })
  })

  it.each<[promise: string, fault: string, () => ReturnType<typeof judgeTelemetry>]>([
    [
      'a signature that is not ours',
      'signature_invalid',
      () => judgeTelemetry(nonce, false, seen, who, rule),
    ],
    ['a session that is no longer known', 'expired', () => judgeTelemetry(undefined, true, [], who, rule)],
    [
      'a session of another person',
      'mismatch',
      () => judgeTelemetry(nonce, true, seen, { ...who, operatorId: 'b' }, rule),
    ],
    [
      'one that was used before',
      'used',
      () => judgeTelemetry({ ...nonce, usedBy: 'int_1' }, true, seen, who, rule),
    ],
    [
      'one in which nobody decided',
      'incomplete',
      () => judgeTelemetry(nonce, true, seen.slice(0, 5), who, rule),
    ],
    [
      'one that ended before anybody decided',
      'expired',
      () => judgeTelemetry(nonce, true, seen.slice(0, 5), who, { ...rule, nowMs: 900_001 }),
    ],
    [
      'an event that is missing',
      'gap',
      () => judgeTelemetry(nonce, true, [...seen.slice(0, 2), ...seen.slice(3)], who, rule),
    ],
    [
      'a score that comes a day and a millisecond later',
      'late',
      () => judgeTelemetry(nonce, true, seen, who, { ...rule, nowMs: 4_000 + 86_400_001 }),
    ],
  ])('%s holds nothing: %s', (_promise, fault, judge) => {
    expect(judge()).toEqual({ anchored: false, fault })
  })

  it('holds for a score on the last millisecond of a day', () => {
    expect(judgeTelemetry(nonce, true, seen, who, { ...rule, nowMs: 4_000 + 86_400_000 })).toMatchObject({
      anchored: true,
    })
  })
})

it('anchored-figures-replace-claims: and each claim that differed is named; a shorter claimed time stands', () => {
  const [first] = historyH80
  if (first === undefined) throw new Error('The history is empty')
  const claimed = {
    ...first.interaction,
    hoverEvents: 9,
    scrollDepth: 700,
    alternativeViewsChecked: null,
    timeToDecisionMs: 8_000,
  }
  const sighting = { hoverEvents: 1, scrollDepth: 700, alternativeViewsChecked: 2, elapsedMs: 4_000 }
  expect(replaceClaims(claimed, sighting)).toEqual({
    inputs: { ...claimed, hoverEvents: 1, alternativeViewsChecked: 2, timeToDecisionMs: 4_000 },
    discrepancies: ['hover_events', 'time_to_decision_ms'],
    timeSource: 'server',
  })
  expect(replaceClaims({ ...claimed, timeToDecisionMs: 3_999 }, sighting)).toMatchObject({
    inputs: { timeToDecisionMs: 3_999 },
    timeSource: 'client',
  })
})
