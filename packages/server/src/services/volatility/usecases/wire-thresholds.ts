import { judgeThresholds, type Thresholds } from '../domain/regime-machine.ts'
import { problems } from '../problems.ts'

export type WireThresholds = {
  readonly high_enter: number
  readonly high_exit: number
  readonly low_enter: number
  readonly low_exit: number
  readonly enter_k: number
  readonly exit_k: number
}

export function toWireThresholds(thresholds: Thresholds): WireThresholds {
  return {
    high_enter: thresholds.highEnter,
    high_exit: thresholds.highExit,
    low_enter: thresholds.lowEnter,
    low_exit: thresholds.lowExit,
    enter_k: thresholds.enterK,
    exit_k: thresholds.exitK,
  }
}

export type GivenThresholds = { readonly [Name in keyof WireThresholds]?: number | undefined }

/**
 * Merges given thresholds over those of a preset and validates the result (specification 5.2); an error names the
 * violated rule. `place` is prepended to field names.
 */
export function overlayThresholds(
  base: Thresholds,
  given: GivenThresholds | undefined,
  place: 'thresholds.' | '' = '',
): Thresholds {
  const thresholds = {
    ...base,
    highEnter: given?.high_enter ?? base.highEnter,
    highExit: given?.high_exit ?? base.highExit,
    lowEnter: given?.low_enter ?? base.lowEnter,
    lowExit: given?.low_exit ?? base.lowExit,
    enterK: given?.enter_k ?? base.enterK,
    exitK: given?.exit_k ?? base.exitK,
  }
  const fault = judgeThresholds(thresholds)
  if (fault === undefined) return thresholds
  throw problems.VALIDATION_ERROR({
    fields: [{ field: `${place}${fault.field}`, message: `must be such that ${fault.rule}` }],
  })
}
