import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { dimensionNames } from '../domain/parameters.ts'
import { urgencies } from '../domain/score-blocks.ts'
import { bands } from '../domain/score.ts'
import { evidenceGrades } from '../domain/side-counters.ts'
import { trends } from '../domain/standing.ts'

/** For example `2026-06-30T12:00:00.000Z`. */
export const time = z.iso.datetime({ precision: 3 })

/** Members that every reply of the service has. */
export const envelope = { request_id: z.string(), timestamp: time }

export const dimensionName = z.enum(dimensionNames)

export const band = z.enum(bands)

export const withheld = z.enum(['minimum_data', 'outcomes_unknown']).nullable()

/** Seven figures from 0 to 100; a lite reply has three of them. */
export const dimensions = z.strictObject({
  deferral_resistance: z.number(),
  error_detection: z.number().optional(),
  independent_performance: z.number().optional(),
  deliberation_depth: z.number(),
  post_error_recalibration: z.number().optional(),
  domain_confidence: z.number().optional(),
  decision_autonomy: z.number(),
})

const wireStatus = z.enum(['compliant', 'at_risk', 'non_compliant'])

export const decayProjection = z.strictObject({
  current_jis: z.number(),
  current_trend: z.enum(trends),
  domain: z.enum(domains),
  decay_rate: z.number(),
  decay_acceleration: z.number(),
  floor: z.number(),
  recovery_rate: z.null(),
  days_to_non_compliance: z.int().nullable(),
  projections: z.array(
    z.strictObject({ days: z.int(), projected_jis: z.number(), compliance_status: wireStatus }),
  ),
  lambda: z.number(),
  days_to_threshold: z.int().nullable(),
  alpha: z.number(),
  beta: z.number(),
  projected_30d: z.number(),
  projected_90d: z.number(),
  horizon_days: z.int(),
  projected_jis: z.number(),
})

export const compliance = z.strictObject({
  band,
  status: wireStatus,
  jis: z.number(),
  article14_met: z.boolean(),
  action_required: z.enum(['none', 'monitor', 'practice', 'second_reviewer', 'collect_data']),
  thresholds: z.strictObject({
    current: z.number(),
    target: z.number(),
    compliant_minimum: z.number(),
    critical: z.number(),
  }),
  article_14: z.enum(['insufficient_data', 'non_compliant', 'at_risk', 'conditional', 'compliant']),
  article_14_status: z.enum(['compliant', 'non_compliant', 'monitoring_required']),
  threshold_min_jis: z.number(),
})

/** Includes the values that clients older than 1.3.1 know (wire 1.3). */
export const urgency = z.enum([...urgencies, 'routine', 'recommended', 'required'])

export const maintenance = z.strictObject({
  trigger_intervention: z.boolean(),
  intervention_type: z.enum([
    'recommendation_withholding',
    'calibration_injection',
    'unranked_presentation',
    'targeted_exercise',
    'none',
  ]),
  urgency,
  intervention_frequency: z.number(),
  recommend_withhold: z.boolean(),
  reasons: z.array(z.string()),
  next_assessment: z.enum(['after_intervention', 'scheduled']),
  target_dimension: dimensionName.nullable(),
  also: dimensionName.nullable(),
  difficulty: z.enum(['high', 'moderate_high', 'moderate', 'low_moderate', 'low']).nullable(),
  suggest: z.literal('second_reviewer').nullable(),
  disclosed: z.boolean(),
  required: z.boolean(),
})

export const evidence = z.strictObject({
  grade: z.enum(evidenceGrades),
  reason: z.string().nullable(),
  time_source: z.enum(['client', 'server']),
  discrepancies: z.array(z.string()),
  attestation: z
    .strictObject({
      method: z.enum(['passkey', 'session']),
      canonical_hash: z.string(),
      enrolled_by: z.enum(['link', 'member']).nullable(),
    })
    .nullable(),
})

export type Evidence = z.output<typeof evidence>

/** The parts of a chain entry that can be verified without this server (specification 10). */
export const receipt = z.strictObject({
  receipt_id: z.string(),
  kind: z.string(),
  seq: z.int(),
  ts: time,
  payload_hash: z.string(),
  prev_hash: z.string(),
  entry_hash: z.string(),
  signature: z.string(),
  key_id: z.string(),
  model_version: z.string(),
  params_hash: z.string(),
  norm_id: z.string().nullable(),
  settings_version: z.int(),
})

export type Receipt = z.output<typeof receipt>

const figure = z.strictObject({ value: z.number().nullable(), n: z.number() })
const bounded = z.strictObject({
  value: z.number().nullable(),
  n: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})
const notMeasured = z.strictObject({ value: z.null(), reason: z.string() })

/** Fourteen figures that the reliance profile already defines (wire 3.2). */
export const probes = z.strictObject({
  counterfactual_delta: z.strictObject({
    delta: z.int().nullable(),
    weighted_delta: z.int().nullable(),
    reason: z.string().nullable(),
  }),
  pre_commitment: z.strictObject({
    pre_commitment_detected: z.boolean().nullable(),
    reason: z.string().nullable(),
    gate_cleared_ms: z.number().nullable(),
    premature_attempt_count: z.null(),
  }),
  omission_commission: z.strictObject({ omission: bounded, commission: bounded }),
  verification_intensity: figure,
  specification_gaming: notMeasured,
  asymmetric_decision_time: notMeasured,
  threshold_gaming: notMeasured,
  alert_fatigue: notMeasured,
  complacency_buildup: figure,
  cascade_detector: notMeasured,
  slow_drift: z.union([z.strictObject({ value: z.number() }), notMeasured]),
  response_set: figure,
  regulatory_threshold_proximity: z.strictObject({ value: z.number().nullable() }),
  reaction_time_z: notMeasured,
})

const scored = {
  session_id: z.string(),
  jis: z.number(),
  displayed_jis: z.number().nullable(),
  provisional: z.boolean(),
  provisional_reason: z.string().nullable(),
  dimensions,
  decay_projection: decayProjection,
  compliance,
  maintenance_recommendation: maintenance,
  committed: z.boolean(),
  mode: z.enum(['full', 'lite']),
  dimensions_computed: z.array(dimensionName),
  role_tier: z.enum(['tier_1', 'tier_2', 'tier_3']),
  operator_id: z.string(),
  domain: z.enum(domains),
  band,
  interaction_id: z.string(),
  state: z.enum(['open', 'committed', 'excluded']),
  outcome_known: z.boolean(),
  duplicate: z.boolean(),
  minimum_data_met: z.boolean(),
  withheld,
  jis_interval: z.tuple([z.number(), z.number()]).nullable(),
  n_effective: z.number().nullable(),
  evidence,
  model_version: z.string(),
  params_hash: z.string(),
  warnings: z.array(z.string()),
}

const scoredReply = z.strictObject(scored)

/** The reply members about one interaction. */
export type ScoredReply = z.input<typeof scoredReply>

// Each item repeats the envelope, because older clients read it there (wire 1.3).
const batchResult = z.strictObject({ ...envelope, ...scored })

export type BatchResult = z.input<typeof batchResult>

export const scoreReply = z.strictObject({
  ...envelope,
  ...scored,
  cognition_probes: probes.nullable(),
  commit_fingerprint: z.string().optional(),
  receipt,
})

export type ScoreReply = z.input<typeof scoreReply>

export const batchReply = z.strictObject({
  ...envelope,
  operator_id: z.string(),
  count: z.int(),
  results: z.array(batchResult),
  minimum_data_met: z.boolean(),
  withheld,
  receipt,
})

export type BatchReply = z.input<typeof batchReply>
