import type { Preset } from './regimes.ts'

export const thresholdNames = [
  'high_enter',
  'high_exit',
  'low_enter',
  'low_exit',
  'enter_k',
  'exit_k',
] as const
export type ThresholdName = (typeof thresholdNames)[number]

/** The typed text; it is not sent while it is not a number. */
export type TypedThresholds = Readonly<Record<ThresholdName, string>>

export function typeOut(preset: Preset): TypedThresholds {
  // Safe: there is one entry for each name.
  return Object.fromEntries(thresholdNames.map((name) => [name, String(preset[name])])) as TypedThresholds
}

/** Undefined while one of them is not a number. */
export function readTyped(typed: TypedThresholds): Readonly<Record<ThresholdName, number>> | undefined {
  const entries = thresholdNames.map((name) => [name, Number(typed[name])] as const)
  if (thresholdNames.some((name) => typed[name].trim() === '')) return undefined
  if (entries.some(([, value]) => !Number.isFinite(value))) return undefined
  // Safe: there is one entry for each name.
  return Object.fromEntries(entries) as Record<ThresholdName, number>
}
