import type { Interaction } from './interaction.ts'
import type { Parameters } from './parameters.ts'
import { clip, permille } from './rounding.ts'

/** The decision times, in milliseconds, between which deliberation rises; part of a norm. */
export type TimeNorm = { readonly tMinMs: number; readonly tRefMs: number }

/**
 * Deliberation in permille: the weighted mean of the measured terms. Time beyond `tRefMs` adds nothing (specification
 * 4.3). At least one term must have been measured.
 */
export function deliberationOf(
  interaction: Interaction,
  norm: TimeNorm,
  { weights }: Parameters['deliberation'],
  isTimed = true,
): number {
  const { timeToDecisionMs, hoverEvents, scrollDepth, alternativeViewsChecked } = interaction
  let sum = isTimed ? weights[0] * timeTerm(timeToDecisionMs, norm) : 0
  let share: number = isTimed ? weights[0] : 0
  if (hoverEvents !== null) {
    sum += weights[1] * (1 - Math.exp(-hoverEvents / 2))
    share += weights[1]
  }
  if (scrollDepth !== null) {
    sum += weights[2] * (scrollDepth / 1_000)
    share += weights[2]
  }
  if (alternativeViewsChecked !== null) {
    sum += weights[3] * (1 - Math.exp(-alternativeViewsChecked))
    share += weights[3]
  }
  return permille(sum / share)
}

function timeTerm(ms: number, { tMinMs, tRefMs }: TimeNorm): number {
  return ms <= tMinMs ? 0 : clip(Math.log(ms / tMinMs) / Math.log(tRefMs / tMinMs), 0, 1)
}

/**
 * Whether advice was accepted without viewing anything. The time limit is absolute, because a percentile would hide
 * an organisation in which everybody rubber-stamps.
 */
export function isStamp(interaction: Interaction, stampMs: number, scrollBelow: number): boolean {
  return (
    interaction.decision === 'accepted' &&
    interaction.timeToDecisionMs <= stampMs &&
    interaction.hoverEvents === 0 &&
    interaction.scrollDepth !== null &&
    interaction.scrollDepth < scrollBelow * 1_000 &&
    interaction.alternativeViewsChecked === 0
  )
}

export function isTelemetryFull({ hoverEvents, scrollDepth, alternativeViewsChecked }: Interaction): boolean {
  return hoverEvents !== null && scrollDepth !== null && alternativeViewsChecked !== null
}
