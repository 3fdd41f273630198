import { systemTimeline, type Timeline } from '@gatehouse/kernel/clock'

/** The system's time from now on, so many times as fast: 24 hours go by in 24 seconds at 3,600. */
export function scaledTimeline(scale: number): Timeline {
  const startMs = systemTimeline.now()
  const startMonotonicMs = systemTimeline.monotonic()
  const elapsedMs = (): number => (systemTimeline.monotonic() - startMonotonicMs) * scale
  return {
    now: () => Math.floor(startMs + elapsedMs()),
    monotonic: elapsedMs,
    after: (delayMs, run) => systemTimeline.after(delayMs / scale, run),
  }
}
