/** Wall time for what is written down, monotonic time for durations. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  readonly monotonic: () => number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

/** A clock that can also be asked to do something later, so that whoever waits by it waits by its time. */
export type Timeline = Clock & {
  /** Runs once after so many milliseconds; what it gives back takes that off again. */
  readonly after: (delayMs: number, run: () => void) => () => void
}

export const systemTimeline: Timeline = {
  ...systemClock,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
