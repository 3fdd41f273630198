import { systemTimeline, type Timeline } from '@gatehouse/kernel/clock'

/** A clock that starts at the system's time and runs this many times as fast: at 3,600, 24 hours take 24 seconds. */
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
