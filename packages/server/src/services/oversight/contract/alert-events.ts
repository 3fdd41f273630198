import { z } from 'zod'
import { assessments } from '../domain/assessment.ts'
import type { AlertKind } from '../domain/alerts.ts'
import { domains } from '../domain/interaction.ts'
import { bands } from '../domain/score.ts'

const domain = z.enum(domains)
/** Null unless the organisation lets alerts name operators. */
const operator = { operator_id: z.string().nullable(), domain }
const interval = z.tuple([z.number(), z.number()])

const jisAtThreshold = z.strictObject({
  ...operator,
  jis: z.number(),
  jis_interval: interval,
  threshold: z.number(),
  days_to_threshold: z.int().nullable(),
})

const decision = z.strictObject({ ai_decision_log_id: z.string() })

/** Webhook events for alerts that open (specification 12). */
export const alertEvents = {
  'oversight.band_changed': z.strictObject({
    ...operator,
    from: z.enum(bands),
    to: z.enum(bands),
    jis: z.number(),
    jis_interval: interval,
    n_effective: z.number(),
  }),
  'oversight.below_threshold': jisAtThreshold,
  'oversight.decay_forecast': jisAtThreshold,
  'oversight.rubber_stamping': z.strictObject({ ...operator, share: z.number(), n: z.number() }),
  'oversight.team_gain_negative': z.strictObject({
    /** Null if the event is about the whole organisation. */
    domain: domain.nullable(),
    value: z.number(),
    low: z.number(),
    high: z.number(),
    n: z.number(),
  }),
  'oversight.compliance_changed': z.strictObject({
    from: z.enum(assessments),
    to: z.enum(assessments),
    report_id: z.string().nullable(),
  }),
  'oversight.coverage_low': z.strictObject({ value: z.number(), observed: z.int(), matched: z.int() }),
  'oversight.decision_expired': decision,
  'oversight.decision_overridden': decision,
  'oversight.usage_anomaly': z.strictObject({ requests_24h: z.int(), p95_30d: z.number() }),
  'oversight.aggregate_mismatch': z.strictObject(operator),
  'oversight.nightly_failed': z.strictObject({ work: z.string() }),
  'audit.chain_broken': z.strictObject({ seq: z.int(), reason: z.string() }),
}

/** The webhook event of each kind of alert. */
export const eventOfAlert = {
  below_threshold: 'oversight.below_threshold',
  rubber_stamping: 'oversight.rubber_stamping',
  band_change: 'oversight.band_changed',
  decay_forecast: 'oversight.decay_forecast',
  team_gain_negative: 'oversight.team_gain_negative',
  compliance_changed: 'oversight.compliance_changed',
  coverage_low: 'oversight.coverage_low',
  decision_expired: 'oversight.decision_expired',
  decision_overridden: 'oversight.decision_overridden',
  request_rate_anomaly: 'oversight.usage_anomaly',
  chain_broken: 'audit.chain_broken',
  aggregate_mismatch: 'oversight.aggregate_mismatch',
  nightly_failed: 'oversight.nightly_failed',
} as const satisfies Readonly<Record<AlertKind, keyof typeof alertEvents>>

/**
 * The data of an alert's event without operator and domain, which `raiseAlert` adds where the organisation allows it.
 */
export type AlertData<Kind extends AlertKind> = Omit<
  z.input<(typeof alertEvents)[(typeof eventOfAlert)[Kind]]>,
  'operator_id'
>
