import { textOf } from './field-values.ts'
import type { Draft } from './monitor-draft.ts'

const timeoutMsDefault = 10_000
const recheckPauseSeconds = 1

/** The spacing between a first failure and its re-check, if the monitor sets none. */
function toSpacing(intervalSeconds: number): number {
  return Math.min(30, Math.max(10, intervalSeconds / 20))
}

/**
 * The longest time, in seconds, until an outage is notified, by the values typed so far: if every check hangs up to
 * its time-out, and if the target refuses. A test compares it with the server's figures. Undefined while a value is
 * missing.
 */
export function toDetection(
  draft: Draft,
): { readonly refused: number; readonly hanging: number } | undefined {
  const interval = toFigure(draft, 'intervalSeconds')
  const threshold = toFigure(draft, 'downThreshold')
  if (interval === undefined || threshold === undefined) return undefined
  const spacing = toFigure(draft, 'confirmSpacingSeconds') ?? toSpacing(interval)
  const timeout = (toFigure(draft, 'config.timeoutMs') ?? timeoutMsDefault) / 1_000
  const rechecks = threshold - 1
  return {
    refused: Math.ceil(interval + rechecks * spacing),
    hanging: Math.ceil(interval + rechecks * Math.max(spacing, timeout + recheckPauseSeconds) + timeout),
  }
}

function toFigure(draft: Draft, path: string): number | undefined {
  const text = textOf(draft[path]).trim()
  return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
}
