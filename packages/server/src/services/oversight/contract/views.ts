import { defineEndpoint, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { domains } from '../domain/interaction.ts'
import { relianceMetrics } from '../domain/reliance.ts'
import { roleClasses } from '../domain/settings.ts'
import { trends } from '../domain/standing.ts'
import {
  band,
  compliance,
  decayProjection,
  dimensionName,
  envelope,
  maintenance,
  time,
  withheld,
} from './blocks.ts'
import { domain, operatorId } from './fields.ts'

const tag = 'views'
const readsOperators = { kind: 'key', scope: 'operators:read' } as const
const readsOrganization = { kind: 'key', scope: 'organization:read' } as const

const byOperator = z.strictObject({ operator_id: operatorId })

/** The number of past days that a reliance profile covers. */
export const window = z.enum(['30', '90', '365', 'all'], { error: 'must be one of 30, 90, 365, all' })

export const metric = z.strictObject({
  value: z.number().nullable(),
  n: z.number(),
  n_seeded: z.int().optional(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  method: z.string().nullable(),
})

/** Includes the compared accuracies, which are absent if the figure is withheld. */
export const teamGain = metric.extend({
  /** `unaided`: the operator's own accuracy is measured on other cases, decided without advice. */
  basis: z.enum(['initial_decision', 'unaided']).optional(),
  /** The side against which the gain is smaller. */
  against: z.enum(['own', 'ai']).optional(),
  own_accuracy: z.number().optional(),
  ai_accuracy: z.number().nullable().optional(),
  final_accuracy: z.number().optional(),
})

/** Every figure with its uncertainty (specification 5). */
export const reliance = z.strictObject({
  window_days: z.int().nullable(),
  // Safe: one entry for each metric.
  ...(Object.fromEntries(relianceMetrics.map((name) => [name, metric])) as Record<
    (typeof relianceMetrics)[number],
    typeof metric
  >),
  team_gain: teamGain,
})

export type RelianceReply = z.input<typeof reliance>

export const evidenceMix = z.strictObject({
  n: z.int(),
  asserted: z.number(),
  anchored: z.number(),
  attested: z.number(),
  attested_by_link: z.number(),
  n_open: z.int(),
  n_deferred: z.int(),
})

export const seven = z.strictObject({
  deferral_resistance: z.number(),
  error_detection: z.number(),
  independent_performance: z.number(),
  deliberation_depth: z.number(),
  post_error_recalibration: z.number(),
  domain_confidence: z.number(),
  decision_autonomy: z.number(),
})

const rankedDimension = z.strictObject({ dimension: dimensionName, average_score: z.number() })

const profileFields = z.strictObject({
  current_jis: z.number(),
  jis_median: z.number(),
  jis_mean: z.number(),
  jis_min: z.number(),
  jis_max: z.number(),
  trend: z.enum(trends),
  dimension_averages: seven,
  weakest_dimensions: z.array(rankedDimension),
  strongest_dimensions: z.array(rankedDimension),
  compliance,
  decay_projection: decayProjection,
  maintenance_recommendation: maintenance,
  statistics: z.strictObject({
    total_interactions: z.int(),
    accuracy_percent: z.number().nullable(),
    average_decision_time_ms: z.number(),
    trap_detection_rate: z.number().nullable(),
    independent_accuracy: z.number().nullable(),
  }),
  operator_id: z.string(),
  domain: z.enum(domains),
  domains: z.array(z.enum(domains)),
  jis: z.number(),
  jis_interval: z.tuple([z.number(), z.number()]).nullable(),
  band,
  dimensions: seven,
  dimensions_computed: z.array(dimensionName),
  n_by_dimension: z.record(z.string(), z.number()).nullable(),
  minimum_data_met: z.boolean(),
  withheld,
  total_interactions: z.int(),
  interactions_count: z.int(),
  first_seen: time,
  last_seen: time,
  n_effective: z.number().nullable(),
  evidence_mix: evidenceMix.nullable(),
  role_class: z.enum(roleClasses),
  role_tier: z.enum(['tier_1', 'tier_2', 'tier_3']),
  notice_given_at: time.nullable(),
  open_contests: z.int(),
})

export const profileReply = z.strictObject({
  ...envelope,
  operator_id: z.string(),
  domain: z.enum(domains),
  created_at: time,
  last_interaction_at: time,
  displayed_jis: z.number().nullable(),
  profile: profileFields,
  jis_history: z.array(z.strictObject({ jis: z.number(), timestamp: time, date: z.string(), band })),
  reliance,
})

export type ProfileReply = z.input<typeof profileReply>

export const getProfile = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/profile',
  id: 'getOperatorProfile',
  summary: 'Read the profile of an operator: reliance on the AI and independence, each with its uncertainty',
  tag,
  access: readsOperators,
  params: byOperator,
  query: z.strictObject({ domain: domain.optional(), window: window.default('90') }),
  tool: { name: 'get_operator_profile', annotations: readsTool },
  reply: { status: 200, schema: profileReply },
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

const bandCounts = z.strictObject({
  exemplary: z.int(),
  proficient: z.int(),
  adequate: z.int(),
  at_risk: z.int(),
  impaired: z.int(),
  non_functional: z.int(),
})

/** AI calls that were observed, and how many of them a decision followed. */
export const coverageFigures = {
  observed: z.int(),
  matched: z.int(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  method: z.string().nullable(),
}

export const agreement = z.strictObject({
  cases: z.int(),
  ratings: z.int(),
  raters: z.int(),
  alpha: metric,
})

/** The figures of one domain; null below five people with minimum data. */
export const domainGroup = z.strictObject({
  /** Groups of fewer than five people are merged into `other`. */
  domain: z.enum([...domains, 'other']),
  operators: z.int(),
  decisions: z.int(),
  team_gain: teamGain.nullable(),
  over_reliance: metric.nullable(),
  under_reliance: metric.nullable(),
})

export const organizationReply = z.strictObject({
  ...envelope,
  organization: z.strictObject({ org_id: z.string(), name: z.string() }),
  domain: z.enum(domains),
  tier: z.enum(['starter', 'standard', 'enterprise']),
  dashboard: z.strictObject({
    operator_count: z.int(),
    active_operator_count: z.int(),
    org_jis_average: z.number(),
    org_jis_median: z.number(),
    distribution: bandCounts,
    alerts_open: z.int(),
    interactions_last_30d: z.int(),
    total_operators: z.int(),
    mean_jis: z.number().nullable(),
    median_jis: z.number().nullable(),
    at_risk_count: z.int().nullable(),
    compliance_status: z.string(),
  }),
  withheld: z.string().nullable(),
  withheld_count: z.int(),
  team_gain: teamGain.nullable(),
  reliance: reliance.nullable(),
  evidence_mix: evidenceMix,
  coverage: z.strictObject({
    outcomes_known: z.number().nullable(),
    own_answers: z.number().nullable(),
    confidence: z.number().nullable(),
    zero_telemetry: z.number().nullable(),
    calls: z.strictObject(coverageFigures),
  }),
  /** Agreement of people who decided the same cases; null below ten cases or five people. */
  agreement: agreement.nullable(),
  /** Every domain with counted decisions, in the order of the enum. */
  by_domain: z.array(domainGroup),
  as_of: time,
})

export type OrganizationReply = z.input<typeof organizationReply>

export const getOrganization = defineEndpoint({
  method: 'GET',
  path: '/v1/organization/dashboard',
  id: 'getOrganizationDashboard',
  summary: 'Read whether people with AI decide better than either alone, and how much data supports it',
  tag,
  access: readsOrganization,
  query: z.strictObject({ domain: domain.optional(), window: window.default('90') }),
  tool: { name: 'get_organization_dashboard', annotations: readsTool },
  reply: { status: 200, schema: organizationReply },
  problems: [],
})
