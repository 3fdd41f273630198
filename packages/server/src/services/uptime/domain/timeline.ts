import type { TimelineEdit } from './effects.ts'
import type { TimelineState } from './monitor.ts'

/** One interval of the timeline, half-open; `toMs` is null while it lasts. */
export type Interval = {
  readonly fromMs: number
  readonly toMs: number | null
  readonly state: TimelineState
  /**
   * The length of a blip (failures that were never confirmed); 0 for other intervals. A blip has the state `up` and
   * an end.
   */
  readonly blipMs: number
  readonly incidentId: string | null
}

export type Blip = { readonly fromMs: number; readonly toMs: number }

/**
 * Applies edits to the end of a timeline: each replaces everything from its time on. Input and output are in order
 * and contiguous, with an open last interval; equal neighbours are joined.
 */
export function applyEdits(
  intervals: readonly Interval[],
  edits: readonly (TimelineEdit & { readonly incidentId: string | null })[],
): readonly Interval[] {
  return edits.reduce((timeline, { fromMs, state, incidentId }) => {
    const kept = timeline.flatMap((interval) => cut(interval, -Infinity, fromMs))
    return join([...kept, { fromMs, toMs: null, state, blipMs: 0, incidentId }])
  }, intervals)
}

/** Marks unconfirmed failures within the good time around them. */
export function addBlip(intervals: readonly Interval[], { fromMs, toMs }: Blip): readonly Interval[] {
  const marked = intervals.flatMap((interval) => {
    if (interval.state !== 'up' && interval.state !== 'degraded') return interval
    const blips = cut(interval, fromMs, toMs).map((part) => ({
      ...part,
      state: 'up' as const,
      blipMs: lengthMs(part),
    }))
    return [...cut(interval, -Infinity, fromMs), ...blips, ...cut(interval, toMs, Infinity)]
  })
  return join(marked)
}

/**
 * The timeline as far as verdicts cover it: an open good or bad interval ends when the last verdict expires, and the
 * time from there to now is unknown, even if the judge has not run since.
 */
export function cutToVouched(
  intervals: readonly Interval[],
  vouchedUntilMs: number | null,
): readonly Interval[] {
  const last = intervals.at(-1)
  if (last === undefined || last.toMs !== null || vouchedUntilMs === null) return intervals
  if (last.state !== 'up' && last.state !== 'degraded' && last.state !== 'down') return intervals
  const fromMs = Math.max(vouchedUntilMs, last.fromMs)
  return applyEdits(intervals, [{ fromMs, state: 'unknown', incidentId: null }])
}

/** The part of an interval inside a window, as a list of none or one. */
function cut(interval: Interval, fromMs: number, toMs: number): readonly Interval[] {
  const start = Math.max(interval.fromMs, fromMs)
  const end = Math.min(interval.toMs ?? Infinity, toMs)
  if (start >= end) return []
  if (start === interval.fromMs && end === (interval.toMs ?? Infinity)) return [interval]
  const blipMs = interval.blipMs === 0 ? 0 : end - start
  return [{ ...interval, fromMs: start, toMs: end === Infinity ? null : end, blipMs }]
}

function lengthMs({ fromMs, toMs }: Interval): number {
  if (toMs === null) throw new Error('A blip has an end')
  return toMs - fromMs
}

function join(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = []
  for (const interval of intervals) {
    const last = joined.at(-1)
    if (last !== undefined && isSameStretch(last, interval))
      joined[joined.length - 1] = { ...last, toMs: interval.toMs, blipMs: last.blipMs + interval.blipMs }
    else joined.push(interval)
  }
  return joined
}

function isSameStretch(a: Interval, b: Interval): boolean {
  return a.state === b.state && a.incidentId === b.incidentId && a.blipMs > 0 === b.blipMs > 0
}
