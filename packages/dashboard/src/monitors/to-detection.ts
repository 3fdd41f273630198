import { textOf } from './field-values.ts'
import type { Draft } from './monitor-draft.ts'

const timeoutMsDefault = 10_000
const recheckPauseSeconds = 1

/** The time between a first failure and its re-check, where a monitor sets none. */
function toSpacing(intervalSeconds: number): number {
  return Math.min(30, Math.max(10, intervalSeconds / 20))
}

/**
 * Within how many seconds an outage is told of, by what is typed so far: at the latest when every check hangs up to its
 * time-out, at the latest when the target refuses. A test holds it against what the server says. Undefined while a figure
 * is missing.
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
