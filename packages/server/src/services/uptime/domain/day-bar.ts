import type { TimelineState } from './monitor.ts'
import type { Interval } from './timeline.ts'

/** What of several states is shown for all of them. */
const worstFirst: readonly TimelineState[] = ['down', 'degraded', 'maintenance', 'up', 'unknown', 'paused']

/** The worst that each of so many equal parts of `[fromMs, toMs)` has seen; null before the monitor was there. */
export function toDayBar(
  intervals: readonly Interval[],
  fromMs: number,
  toMs: number,
  parts: number,
): readonly (TimelineState | null)[] {
  const partMs = (toMs - fromMs) / parts
  return Array.from({ length: parts }, (_, index) => {
    const [start, end] = [fromMs + index * partMs, fromMs + (index + 1) * partMs]
    const seen = new Set(
      intervals.filter((one) => one.fromMs < end && (one.toMs ?? Infinity) > start).map(({ state }) => state),
    )
    return worstFirst.find((state) => seen.has(state)) ?? null
  })
}
