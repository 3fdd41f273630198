import type { DecayPair } from './decay.ts'
import type { Domain, Interaction, TaskType } from './interaction.ts'
import type { Parameters } from './parameters.ts'

export const roleClasses = ['standard', 'high_risk', 'critical'] as const

/** Risk class of an operator's role; unclassified operators count as high risk, so that nobody avoids the rule. */
export type RoleClass = (typeof roleClasses)[number]

/** An organisation's settings; a version never changes (specification 8.3). */
export type Settings = {
  readonly taskType: Readonly<Partial<Record<Domain, TaskType>>>
  readonly stampMs: number
  readonly decay: Readonly<Partial<Record<Domain, DecayPair>>>
  readonly defaultRoleClass: RoleClass
  /** Whether score replies, and only those, carry estimates below the minimum of data. */
  readonly earlyEstimates: boolean
  readonly alertsNameOperators: boolean
  /** Severity by kind of alert, replacing the default; `off`: alerts of the kind never open. */
  readonly alertLevels: Readonly<Partial<Record<string, 'low' | 'medium' | 'high' | 'off'>>>
  /** `unmeasured`: hover, scroll and alternatives of exactly 0 count as not sent. */
  readonly zeroTelemetry: 'measured' | 'unmeasured'
  readonly attestRpIds: readonly string[]
}

export const defaultSettings: Settings = {
  taskType: {},
  stampMs: 1_500,
  decay: {},
  defaultRoleClass: 'high_risk',
  earlyEstimates: false,
  alertsNameOperators: false,
  alertLevels: {},
  zeroTelemetry: 'measured',
  attestRpIds: [],
}

export function taskTypeOf({ taskType }: Settings, domain: Domain): TaskType {
  return taskType[domain] ?? 'open'
}

export function decayOf({ decay }: Settings, domain: Domain, parameters: Parameters): DecayPair {
  return decay[domain] ?? { alpha: parameters.decay.alpha, beta: parameters.decay.beta }
}

/** The interaction's telemetry, interpreted by the organisation's settings. */
export function readTelemetry(
  interaction: Interaction,
  { zeroTelemetry }: Pick<Settings, 'zeroTelemetry'>,
): Interaction {
  const { hoverEvents, scrollDepth, alternativeViewsChecked } = interaction
  const isAllZero = hoverEvents === 0 && scrollDepth === 0 && alternativeViewsChecked === 0
  if (zeroTelemetry === 'measured' || !isAllZero) return interaction
  return { ...interaction, hoverEvents: null, scrollDepth: null, alternativeViewsChecked: null }
}

const tiers = { critical: 'tier_1', high_risk: 'tier_2', standard: 'tier_3' } as const

export function toTier(roleClass: RoleClass): (typeof tiers)[RoleClass] {
  return tiers[roleClass]
}
