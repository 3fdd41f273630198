import { type Sums, toSums, type CounterVector } from './counters.ts'
import { wilson } from './intervals.ts'
import { roundTo } from './rounding.ts'
import type { Standing } from './standing.ts'

/** Times that a screen can send with a decision, in Unix milliseconds; null if not sent. */
export type PhaseStamps = {
  readonly presentedAtMs: number | null
  readonly engagedAtMs: number | null
  readonly initiatedAtMs: number | null
  readonly confirmedAtMs: number | null
}

const notMeasured = { value: null, reason: 'NOT_MEASURED_HERE' } as const

/** The fourteen probes of a full reply (wire 3.2), computed only from figures of the reliance profile and the score. */
export function toProbes(
  standing: Standing,
  weighted: Sums,
  window: CounterVector,
  decision: {
    readonly outcomeCorrect: boolean | null
    readonly phases: PhaseStamps
    readonly tMinMs: number
  },
) {
  const counts = toSums(window)
  const figures = standing.published
  return {
    counterfactual_delta: counterfactual(decision.outcomeCorrect),
    pre_commitment: preCommitment(decision.phases, decision.tMinMs),
    omission_commission: {
      omission: share(counts.r00, counts.r00 + counts.r01),
      commission: share(counts.r11, counts.r10 + counts.r11),
    },
    verification_intensity: ratio(weighted.q, weighted.rel),
    specification_gaming: notMeasured,
    asymmetric_decision_time: notMeasured,
    threshold_gaming: notMeasured,
    alert_fatigue: notMeasured,
    complacency_buildup: ratio(weighted.stamp, weighted.acc),
    cascade_detector: notMeasured,
    slow_drift:
      figures === null || figures.drift === null
        ? { value: null, reason: 'NO_EARLIER_POINT' }
        : { value: figures.drift },
    response_set: ratio(weighted.rel - weighted.a, weighted.rel),
    regulatory_threshold_proximity: {
      value: figures === null ? null : roundTo(figures.jis - 60, 1),
    },
    reaction_time_z: notMeasured,
  }
}

function counterfactual(outcomeCorrect: boolean | null) {
  if (outcomeCorrect === null) return { delta: null, weighted_delta: null, reason: 'NO_ANSWER_KEY' }
  const delta = outcomeCorrect ? 0 : 1
  return { delta, weighted_delta: delta, reason: null }
}

function preCommitment({ presentedAtMs, initiatedAtMs }: PhaseStamps, tMinMs: number) {
  const unknown = { pre_commitment_detected: null, gate_cleared_ms: null, premature_attempt_count: null }
  if (presentedAtMs === null || initiatedAtMs === null) return { ...unknown, reason: 'NO_GATE_TELEMETRY' }
  const clearedMs = initiatedAtMs - presentedAtMs
  if (clearedMs < 0) return { ...unknown, reason: 'INVERTED_TIMESTAMPS' }
  const isDetected = clearedMs < tMinMs
  return {
    pre_commitment_detected: isDetected,
    reason: isDetected ? 'BELOW_MIN_CONTENT_SURFACE_TIME' : null,
    gate_cleared_ms: clearedMs,
    premature_attempt_count: null,
  }
}

function share(successes: number, n: number) {
  if (n === 0) return { value: null, n, low: null, high: null }
  const { low, high } = wilson(successes, n)
  return { value: roundTo(successes / n, 4), n, low: roundTo(low, 4), high: roundTo(high, 4) }
}

function ratio(part: number, n: number) {
  return { value: n === 0 ? null : roundTo(part / n, 4), n: roundTo(n, 1) }
}
