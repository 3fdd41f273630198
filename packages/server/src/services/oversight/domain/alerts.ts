import { daysUntilBelow } from './decay.ts'
import type { Parameters } from './parameters.ts'
import type { RoleClass } from './settings.ts'
import type { Standing } from './standing.ts'

/** The kinds of alerts (specification 12). */
export const alertKinds = [
  'below_threshold',
  'rubber_stamping',
  'band_change',
  'decay_forecast',
  'team_gain_negative',
  'compliance_changed',
  'coverage_low',
  'decision_expired',
  'decision_overridden',
  'request_rate_anomaly',
  'chain_broken',
  'aggregate_mismatch',
  'nightly_failed',
] as const

export type AlertKind = (typeof alertKinds)[number]

export const severities = ['low', 'medium', 'high'] as const

export type Severity = (typeof severities)[number]

/** The kinds that open and close by the figures of one operator in one domain. */
export const operatorAlertKinds = ['below_threshold', 'rubber_stamping', 'decay_forecast'] as const

export type OperatorAlertKind = (typeof operatorAlertKinds)[number]

/** No figure closes these: a person has to acknowledge them. */
const closedByPeople: readonly AlertKind[] = [
  'decision_expired',
  'decision_overridden',
  'chain_broken',
  'aggregate_mismatch',
]

export function isClosedByPeople(kind: AlertKind): boolean {
  return closedByPeople.includes(kind)
}

/** Whether an alert of a kind opens, closes or stays as it is. */
export type AlertVerdict =
  | { readonly kind: OperatorAlertKind; readonly turn: 'open'; readonly severity: Severity }
  | { readonly kind: OperatorAlertKind; readonly turn: 'close' }
  | { readonly kind: OperatorAlertKind; readonly turn: 'stay' }

/**
 * Hysteresis: an alert closes only beyond these values, so that a figure at the threshold does not alert repeatedly.
 */
const closesAt = { jis: 63, stampShare: 0.2, days: 45 }
const opensAt = { stampShare: 0.3, stampShareHigh: 0.6, stampTrialsMin: 20, days: 30 }

/**
 * The verdict on each alert of one operator in one domain, from published figures. Below the minimum of data no alert
 * opens, and open alerts close. `before` is the last published score, null if there was none.
 */
export function judgeOperatorAlerts(
  before: number | null,
  standing: Pick<Standing, 'published' | 'stampShare'>,
  roleClass: RoleClass,
  parameters: Parameters,
): readonly AlertVerdict[] {
  const { published, stampShare } = standing
  if (published === null) return operatorAlertKinds.map((kind) => ({ kind, turn: 'close' }))
  const { jis, lambda } = published
  const days = daysUntilBelow(jis, lambda, parameters.threshold, parameters.decay.floor)
  return [judgeThreshold(before, jis, roleClass, parameters), judgeStamping(stampShare), judgeForecast(days)]
}

function judgeThreshold(
  before: number | null,
  jis: number,
  roleClass: RoleClass,
  { threshold, bands }: Parameters,
): AlertVerdict {
  const kind = 'below_threshold'
  if (jis >= closesAt.jis) return { kind, turn: 'close' }
  const hasFallen = jis < threshold && (before === null || before >= threshold)
  if (!hasFallen) return { kind, turn: 'stay' }
  return { kind, turn: 'open', severity: roleClass === 'critical' && jis < bands[3] ? 'high' : 'medium' }
}

function judgeStamping({ value, n }: Standing['stampShare']): AlertVerdict {
  const kind = 'rubber_stamping'
  if (value < closesAt.stampShare) return { kind, turn: 'close' }
  if (value < opensAt.stampShare || n < opensAt.stampTrialsMin) return { kind, turn: 'stay' }
  return { kind, turn: 'open', severity: value >= opensAt.stampShareHigh ? 'high' : 'medium' }
}

function judgeForecast(days: number | null): AlertVerdict {
  const kind = 'decay_forecast'
  if (days === null || days > closesAt.days) return { kind, turn: 'close' }
  return days <= opensAt.days ? { kind, turn: 'open', severity: 'low' } : { kind, turn: 'stay' }
}
