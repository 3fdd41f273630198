/** Wall-clock time for what is stored, monotonic time for durations. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  readonly monotonic: () => number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

/** A clock with timers, so that code that waits follows the clock it was given, which in a test is the test's. */
export type Timeline = Clock & {
  /** Calls `run` once after `delayMs`; the function that it returns cancels the call. */
  readonly after: (delayMs: number, run: () => void) => () => void
}

export const systemTimeline: Timeline = {
  ...systemClock,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
