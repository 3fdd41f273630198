export type SpacingFigures = { readonly perInterval: number; readonly min: number; readonly max: number }

/** Seconds between a first failure and its re-check: the monitor's setting, or derived from its interval (1.1). */
export function confirmSpacingSeconds(
  intervalSeconds: number,
  override: number | null,
  figures: SpacingFigures,
): number {
  return override ?? Math.min(figures.max, Math.max(figures.min, intervalSeconds / figures.perInterval))
}

export type DetectionSeconds = {
  /** If the target refuses the connection immediately. */
  readonly refused: number
  /** If every check lasts until its time-out. */
  readonly hanging: number
}

/**
 * The longest time from the start of an outage to its confirmation, in whole seconds, apart from scheduling delays
 * (3.3).
 */
export function detectionSeconds(
  intervalSeconds: number,
  spacingSeconds: number,
  timeoutMs: number,
  downThreshold: number,
  recheckPauseMs: number,
): DetectionSeconds {
  const rechecks = downThreshold - 1
  const hangingSpacing = Math.max(spacingSeconds, (timeoutMs + recheckPauseMs) / 1000)
  return {
    refused: Math.ceil(intervalSeconds + rechecks * spacingSeconds),
    hanging: Math.ceil(intervalSeconds + rechecks * hangingSpacing + timeoutMs / 1000),
  }
}
