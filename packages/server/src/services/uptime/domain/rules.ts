import { confirmSpacingSeconds, type SpacingFigures } from './confirmation.ts'
import type { JudgeFigures } from './judge.ts'
import type { Rules } from './monitor.ts'

/** A monitor's stored settings. */
export type Settings = {
  /** True for types that are pinged instead of checked. */
  readonly isTold: boolean
  readonly intervalSeconds: number
  readonly downThreshold: number
  readonly upThreshold: number
  readonly confirmSpacingSeconds: number | null
  readonly notifyDegraded: boolean
  readonly timeoutMs: number
}

/** The policy's parameters that affect judging. */
export type Figures = {
  readonly confirmSpacingSeconds: SpacingFigures
  readonly recheckPauseMs: number
  readonly flap: {
    readonly changes: number
    readonly windowSeconds: number
    readonly windowSecondsMax: number
  }
  readonly staleIntervals: number
  readonly staleSecondsMin: number
  readonly neverUpAfterSeconds: number
  readonly downSpacingSecondsMax: number
  readonly downSpacingForSeconds: number
}

export function toRules(settings: Settings, figures: Figures): Rules {
  const { isTold } = settings
  return {
    // A missed deadline needs no confirmation: the grace period is the tolerance (3.2).
    downThreshold: isTold ? 1 : settings.downThreshold,
    upThreshold: isTold ? 1 : settings.upThreshold,
    notifyDegraded: settings.notifyDegraded,
    intervalMs: settings.intervalSeconds * 1000,
    confirmSpacingMs:
      confirmSpacingSeconds(
        settings.intervalSeconds,
        settings.confirmSpacingSeconds,
        figures.confirmSpacingSeconds,
      ) * 1000,
    timeoutMs: settings.timeoutMs,
    vouchesUntilDeadline: isTold,
  }
}

export function toJudgeFigures(figures: Figures): JudgeFigures {
  const { flap } = figures
  return {
    flap: {
      changes: flap.changes,
      windowMs: flap.windowSeconds * 1000,
      windowMsMax: flap.windowSecondsMax * 1000,
    },
    staleIntervals: figures.staleIntervals,
    staleMsMin: figures.staleSecondsMin * 1000,
    neverUpAfterMs: figures.neverUpAfterSeconds * 1000,
    recheckPauseMs: figures.recheckPauseMs,
    downSpacingMsMax: figures.downSpacingSecondsMax * 1000,
    downSpacingForMs: figures.downSpacingForSeconds * 1000,
  }
}
