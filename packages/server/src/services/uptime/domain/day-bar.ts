import type { TimelineState } from './monitor.ts'
import type { Interval } from './timeline.ts'

/** The order of severity: of several states, the first in this list is shown. */
const worstFirst: readonly TimelineState[] = ['down', 'degraded', 'maintenance', 'up', 'unknown', 'paused']

/** The worst state in each of a number of equal parts of `[fromMs, toMs)`; null before the monitor existed. */
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
